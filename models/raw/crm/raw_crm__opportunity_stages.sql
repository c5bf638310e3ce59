{{ raw_table('crm', 'opportunity_stages') }}
