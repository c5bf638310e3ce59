{{ raw_table('cdp', 'users') }}
