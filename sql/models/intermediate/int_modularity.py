"""Grain: one row per scope_number and week with a tie: how far the ties fall apart into groups.

The ties of most weeks are those of the last build, known by their print: on a night that adds these
are not divided again.
"""

import hashlib
from itertools import pairwise

import numpy as np
import pyarrow as pa
from scipy.sparse import csr_matrix
from sknetwork.clustering import Louvain, get_modularity

SCHEMA = pa.schema(
    [
        ("scope_number", pa.int32()),
        ("week", pa.date32()),
        ("modularity", pa.float64()),
        ("groups_count", pa.int64()),
        ("tied_nodes_count", pa.int64()),
        ("two_largest_count", pa.int64()),
        ("ties_print", pa.string()),
    ]
)
DIVISION = SCHEMA.names[2:]


def model(dbt, session):
    """Modularity of the division that Louvain finds in each week's ties, direction left out."""
    dbt.config(materialized="incremental")
    edges = pa.table(dbt.ref("int_network_edges").to_arrow_table()).sort_by(
        [(name, "ascending") for name in ("scope_number", "week", "from_number", "to_number")]
    )
    befores = (
        session.table(str(dbt.this)).to_arrow_table()
        if dbt.is_incremental
        else SCHEMA.empty_table()
    )
    return divisions(edges, befores)


def divisions(edges, befores):
    """A row for each scope_number and week; not reckoned again where ``befores`` has its ties."""
    if not edges.num_rows:
        return SCHEMA.empty_table()
    scopes = edges["scope_number"].to_numpy()
    weeks = edges["week"].to_numpy()
    changes = (np.diff(scopes) != 0) | (np.diff(weeks) != np.timedelta64(0, "D"))
    bounds = [0, *(np.flatnonzero(changes) + 1), edges.num_rows]
    senders, receivers = edges["from_number"].to_numpy(), edges["to_number"].to_numpy()
    # who speaks on one platform has the same ties there as on all of them
    divided = {
        row["ties_print"]: {name: row[name] for name in DIVISION} for row in befores.to_pylist()
    }
    found = []
    for begin, end in pairwise(bounds):
        ties = senders[begin:end], receivers[begin:end]
        name = hashlib.sha256(b"".join(numbers.tobytes() for numbers in ties)).hexdigest()
        if name not in divided:
            divided[name] = {**division(*ties), "ties_print": name}
        week = weeks[begin].astype("datetime64[D]").item()
        found.append({"scope_number": int(scopes[begin]), "week": week, **divided[name]})
    return pa.Table.from_pylist(found, schema=SCHEMA)


def division(senders, receivers):
    """Modularity (Newman) of the groups found, and their sizes; each tie counts once."""
    ties, groups = ties_and_groups(senders, receivers)
    sizes = np.sort(np.bincount(groups))[::-1]
    return {
        "modularity": float(get_modularity(ties, groups)),
        "groups_count": int(np.count_nonzero(sizes)),
        "tied_nodes_count": int(ties.shape[0]),
        "two_largest_count": int(sizes[:2].sum()),
    }


def ties_and_groups(senders, receivers):
    """The ties between speakers in order of their numbers, and the group of each speaker."""
    speakers, places = np.unique(np.concatenate([senders, receivers]), return_inverse=True)
    one, other = np.split(places, 2)
    values = np.ones(2 * len(one), dtype=bool)
    shape = (len(speakers), len(speakers))
    both = (np.concatenate([one, other]), np.concatenate([other, one]))
    ties = csr_matrix((values, both), shape=shape, dtype=bool)
    return ties, Louvain().fit_predict(ties)
