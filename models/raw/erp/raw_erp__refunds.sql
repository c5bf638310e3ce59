{{ raw_table('erp', 'refunds') }}
