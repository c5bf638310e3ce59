{{ raw_table('cdp', 'events') }}
