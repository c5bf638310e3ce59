{{ raw_table('crm', 'lead_statuses') }}
