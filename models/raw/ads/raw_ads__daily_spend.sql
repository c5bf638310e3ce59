{{ raw_table('ads', 'daily_spend') }}
