{{ raw_table('erp', 'products') }}
