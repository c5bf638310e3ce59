with

spend as (
    select
        campaign,
        arg_max(campaign_name, (spend_date, campaign_id)) as campaign_name,
        arg_max(channel, (spend_date, campaign_id)) as channel
    from {{ ref('int_spend_converted') }}
    group by campaign
),

leads as (
    select distinct campaign from {{ ref('int_leads_merged') }}
),

touches as (
    select distinct campaign from {{ ref('fct_touchpoints') }}
),

seen as (
    select campaign from spend
    union distinct
    select campaign from leads
    union distinct
    select campaign from touches
    union distinct
    select '(none)' as campaign
    union distinct
    select '(unattributed)' as campaign
),

final as (
    select
        seen.campaign,
        coalesce(spend.campaign_name, seen.campaign) as campaign_name,
        coalesce(spend.channel, 'unknown') as advertised_channel
    from seen
    left join spend
        on seen.campaign = spend.campaign
    where seen.campaign is not null
)

select * from final
