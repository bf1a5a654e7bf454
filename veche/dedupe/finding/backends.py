"""Where the steps of a search run that outgrow one machine: which pairs are compared, what the model learns, weights.

Everything is written once, in DuckDB's SQL. Where Spark is chosen, sqlglot (which Splink uses for the same) says it in
Spark's, Splink's own Spark backend trains and weighs with the same settings, and what Spark's SQL lacks comes from the
library of functions that Splink has in its package. Tables go over and come back as Parquet files in the search's
folder, so a cluster needs that folder on a disk of its own machines too.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyspark.sql import DataFrame, SparkSession
    from splink import Linker
    from sqlglot.expressions import Expression

DUCKDB, SPARK = "duckdb", "spark"
ENGINES = (DUCKDB, SPARK)
LOCAL = "local[*]"  # the master of Spark where nobody names a cluster: all cores of this machine
HANDED_OVER = ("compared", "clue")
SHORT = 50_000  # rows
# Of a short list, dividing the work and compiling a program for each step costs more than the steps.
_FOR_A_SHORT_LIST = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
_LOOPBACK = "127.0.0.1"
_LEN = re.compile(r"\blen\(")  # of lists; sqlglot takes it for that of texts, which Spark's is


class EngineMissing(RuntimeError):
    """The engine cannot run on this machine; `args[0]` is what it lacks: "pyspark" or "java"."""


class Answer(Protocol):
    def fetchall(self) -> list[Any]: ...


class Backend(Protocol):
    """What runs a step: statements in DuckDB's SQL, and Splink. `linker` is over the table `compared`; `pairs` is the
    table of those that it has to weigh.
    """

    def execute(self, query: str) -> Answer: ...

    def linker(self, settings: dict[str, Any], pairs: str = "") -> Linker: ...

    def take_back(self, table: str) -> None:
        """Bring a table made here into the search's own database."""


class OnDuckDB:
    """The search's own database."""

    def __init__(self, db: DuckDBPyConnection) -> None:
        self.execute = db.execute
        self._db = db

    def linker(self, settings: dict[str, Any], pairs: str = "") -> Linker:
        from splink import DuckDBAPI

        return _linker(DuckDBAPI(self._db), settings, pairs)

    def take_back(self, table: str) -> None:
        pass


def _linker(api: Any, settings: dict[str, Any], pairs: str) -> Linker:
    from splink import Linker

    linker = Linker(api.register("compared"), settings, log_level=logging.ERROR)
    if pairs:
        linker.table_management.register_blocked_pairs_for_predict(api.register(pairs))
    return linker


class OnSpark:
    """A Spark session with the tables of the search as views."""

    def __init__(self, db: DuckDBPyConnection, session: SparkSession, folder: Path) -> None:
        self._db, self._session, self._folder = db, session, folder
        self._filled: dict[
            str, str
        ] = {}  # tables that are filled bit by bit, with their columns as Spark writes them
        for table in HANDED_OVER:
            db.execute(f"copy {table} to '{_quoted(folder / table)}.parquet' (format parquet)")
            session.read.parquet(f"{folder / table}.parquet").createOrReplaceTempView(table)

    def linker(self, settings: dict[str, Any], pairs: str = "") -> Linker:
        from splink import SparkAPI

        return _linker(SparkAPI(spark_session=self._session), in_sparks_words(settings), pairs)

    def execute(self, query: str) -> Answer:
        """Run one statement. Tables are Parquet files, each with a view of its name."""
        from sqlglot import exp

        told = _parsed(query)
        name = told.find(exp.Table).name if isinstance(told, exp.Create | exp.Insert | exp.Drop) else ""
        if isinstance(told, exp.Drop):
            self._filled.pop(name, None)
            self._session.catalog.dropTempView(name)
        elif isinstance(told, exp.Create) and isinstance(told.this, exp.Schema):
            self._filled[name] = ", ".join(column.sql("spark") for column in told.this.expressions)
            (self._folder / name).mkdir()
            self._show(name)
        elif isinstance(told, exp.Insert):
            self._insert(name, self._asked(told.expression))
        elif isinstance(told, exp.Create):
            found = self._asked(told.expression)
            if told.kind == "TABLE":
                found.write.parquet(str(self._folder / name))
                found = self._session.read.parquet(str(self._folder / name))
            found.createOrReplaceTempView(name)
        else:
            return _Rows(self._asked(told))
        return _Rows(None)

    def take_back(self, table: str) -> None:
        self._db.execute(
            f"create table {table} as select * from read_parquet('{_quoted(self._folder / table)}/*.parquet')"
        )

    def _asked(self, told: Expression) -> DataFrame:
        return self._session.sql(told.sql("spark"))

    def _insert(self, name: str, rows: DataFrame) -> None:
        columns = [column.split()[0] for column in self._filled[name].split(", ")]
        rows.toDF(*columns).write.mode("append").parquet(str(self._folder / name))
        self._show(name)

    def _show(self, name: str) -> None:
        path = str(self._folder / name)
        self._session.read.schema(self._filled[name]).parquet(path).createOrReplaceTempView(name)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


class _Rows:
    def __init__(self, rows: DataFrame | None) -> None:
        self._rows = rows

    def fetchall(self) -> list[Any]:
        return self._rows.collect() if self._rows is not None else []


def in_sparks_words(settings: dict[str, Any]) -> dict[str, Any]:
    """Splink's settings with the conditions of their levels in Spark's SQL."""
    comparisons = [
        each | {"comparison_levels": [_level_in_sparks_words(level) for level in each["comparison_levels"]]}
        for each in settings["comparisons"]
    ]
    return settings | {"comparisons": comparisons}


def _level_in_sparks_words(level: dict[str, Any]) -> dict[str, Any]:
    condition = level["sql_condition"]
    if condition == "ELSE":
        return level
    return level | {"sql_condition": _parsed(condition).sql("spark")}


def _parsed(query: str) -> Expression:
    """A statement of DuckDB's; functions that sqlglot has no word of Spark's for are put in its words."""
    from sqlglot import exp, parse_one

    def put(node: Expression) -> Expression:
        if isinstance(node, exp.ArrayOverlaps):
            return exp.Anonymous(this="arrays_overlap", expressions=[node.this, node.expression])
        if isinstance(node, exp.JarowinklerSimilarity):
            return exp.Anonymous(this="jaro_winkler", expressions=[node.this, node.expression])
        if isinstance(node, exp.Anonymous) and node.name.lower() == "list_intersect":
            return exp.Anonymous(this="array_intersect", expressions=node.expressions)
        return node

    return parse_one(_LEN.sub("array_length(", query), read="duckdb").transform(put)


@contextmanager
def backend(engine: str, db: DuckDBPyConnection, folder: Path, master: str = "") -> Iterator[Backend]:
    """What the engine's steps run on. `master` is Spark's address of a cluster, "" for this machine.

    ValueError for an engine that there is not, `EngineMissing` where it is not installed.
    """
    if engine == DUCKDB:
        yield OnDuckDB(db)
        return
    if engine != SPARK:
        raise ValueError(engine)
    own = folder / "spark"
    own.mkdir()
    rows = db.execute("select count(*) from compared").fetchall()[0][0]
    session = _begin(own, master, is_short=rows <= SHORT)
    try:
        yield OnSpark(db, session, own)
    finally:
        _end(session)
        shutil.rmtree(own, ignore_errors=True)


def insist_installed(engine: str) -> None:
    """`EngineMissing` where the engine lacks something on this machine."""
    if engine != SPARK:
        return
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise EngineMissing("pyspark") from error
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise EngineMissing("java")


def _begin(folder: Path, master: str, *, is_short: bool) -> SparkSession:
    """A session that listens on this machine only, shows no pages and fetches nothing; a cluster is told the host."""
    insist_installed(SPARK)
    from pyspark.sql import SparkSession
    from splink.internals.spark.jar_location import similarity_jar_location

    settings = {
        "spark.app.name": "veche dedupe",
        "spark.jars": similarity_jar_location(),
        "spark.local.dir": str(folder / "spill"),
        "spark.sql.warehouse.dir": str(folder / "tables"),
        "spark.sql.ansi.enabled": "false",  # what is not there is null, as in DuckDB
        "spark.sql.legacy.sizeOfNull": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    if not master:
        os.environ.setdefault("SPARK_LOCAL_IP", _LOOPBACK)
        settings |= {"spark.driver.host": _LOOPBACK, "spark.driver.bindAddress": _LOOPBACK}
        settings |= _FOR_A_SHORT_LIST if is_short else {}
    builder = SparkSession.builder.master(master or LOCAL)
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setCheckpointDir(str(folder / "steps"))
    return session


def _end(session: SparkSession) -> None:
    """End Spark and its Java, which would otherwise hold memory as long as this process."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    session.stop()
    if gateway is not None:
        gateway.shutdown()
        if (java := getattr(gateway, "proc", None)) is not None:
            java.stdin.close()  # the sign at which it ends
            java.wait()
        SparkContext._gateway = SparkContext._jvm = None
