{{ raw_table('erp', 'orders') }}
