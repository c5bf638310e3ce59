{{ raw_table('crm', 'lead_scores') }}
