{{ raw_table('erp', 'currency_rates') }}
