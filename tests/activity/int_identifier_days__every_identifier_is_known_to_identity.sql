select distinct days.identifier_key
from {{ ref('int_identifier_days') }} as days
left join {{ ref('int_identities') }} as identities
    on days.identifier_key = identities.identifier_key
where identities.identifier_key is null
