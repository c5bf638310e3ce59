{{ raw_table('crm', 'leads') }}
