with

periods as (
    {%- for grain in ['day', 'week', 'month', 'quarter', 'year'] %}
    select
        '{{ grain }}' as grain,
        date_trunc('{{ grain }}', activity_date) as period_date,
        {{ safe_ratio('sum(dau)', 'sum(mau)') }} as stickiness
    from {{ ref('fct_active_users_daily') }}
    where has_full_history
    group by period_date
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from periods
where stickiness not between 0 and 1
