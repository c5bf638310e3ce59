"""A program that answers saved queries as `mf query` does: MetricFlow on dbt's adapter."""

import pickle
import sys
from pathlib import Path

from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from metricflow.engine.metricflow_engine import MetricFlowQueryRequest


def main(project: Path, out: Path, names: list[str]) -> None:
    configuration = CLIConfiguration()
    configuration.setup(
        dbt_profiles_path=project, dbt_project_path=project, configure_file_logging=False
    )
    answers = {}
    for name in names:
        request = MetricFlowQueryRequest.create(saved_query_name=name)
        table = configuration.mf.query(request).result_df
        assert table is not None
        answers[name] = (list(table.column_names), [tuple(row) for row in table.rows])
    out.write_bytes(pickle.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
