{{ raw_table('cdp', 'identity_links') }}
