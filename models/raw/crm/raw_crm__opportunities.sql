{{ raw_table('crm', 'opportunities') }}
