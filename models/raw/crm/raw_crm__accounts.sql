{{ raw_table('crm', 'accounts') }}
