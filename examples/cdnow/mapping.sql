-- CDNOW's purchase log as the raw contract: every row is a paid order of one line.
-- The log numbers no orders, so that a row's place in the file is its id and exact copies stay apart.

set variable reporting_timezone = 'UTC';
set variable reporting_currency = 'USD';

create schema erp;

create table purchases as
select
    row_number() over () as row_in_file,
    string_split_regex(trim(line), '\s+') as fields
from read_csv(
    getvariable('data') || '/CDNOW_master.txt',
    columns = {'line': 'varchar'}, delim = '\0', header = false, auto_detect = false
)
where regexp_matches(line, '^\s*\d');

create table erp.orders as
select
    'order-' || row_in_file as order_id,
    'customer-' || fields[1] as user_id,
    strptime(fields[2], '%Y%m%d') as ordered_at,
    'paid' as status,
    cast(fields[4] as decimal(18, 4)) as list_amount,
    'USD' as currency,
    timestamp '1998-07-01 12:00:00' as loaded_at
from purchases;

create table erp.order_lines as
select
    'order-' || row_in_file || '-1' as order_line_id,
    'order-' || row_in_file as order_id,
    cast(fields[3] as bigint) as quantity,
    cast(fields[4] as decimal(18, 4)) as list_amount,
    timestamp '1998-07-01 12:00:00' as loaded_at
from purchases;
