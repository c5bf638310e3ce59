{{ raw_table('erp', 'order_lines') }}
