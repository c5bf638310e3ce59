select * from read_parquet('{{ env_var("TRUNKLINE_BENCH_EVENTS") }}')
