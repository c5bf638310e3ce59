select customer_id
from {{ ref('fct_orders') }}
group by customer_id
having count(*) filter (where is_first_order) != 1
