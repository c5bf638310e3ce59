{{ raw_table('erp', 'payments') }}
