"""Grain: one row per scope_number and week with a tie: how far the ties fall apart into groups.

The ties of most weeks are those of the last build, by the print of what was said in them, or else
by their own: on a night that adds these are not divided again.
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
        ("group_print", pa.string()),
    ]
)
DIVISION = ("modularity", "groups_count", "tied_nodes_count", "two_largest_count", "ties_print")
ORDER = [(name, "ascending") for name in ("scope_number", "week", "from_number", "to_number")]


def model(dbt, session):
    """Modularity of the division that Louvain finds in each week's ties, direction left out."""
    dbt.config(materialized="incremental")
    edges = dbt.ref("int_network_edges")
    prints = pa.table(dbt.ref("int_network_prints").to_arrow_table())
    befores = session.table(str(dbt.this)).to_arrow_table() if dbt.is_incremental else None
    rows = pa.table(befores).to_pylist() if befores is not None else []
    there = {str(group_print) for group_print in prints["group_print"].to_pylist()}
    kept = [row for row in rows if row["group_print"] in there]
    if kept:
        known = ", ".join(sorted({row["group_print"] for row in kept}))
        edges = edges.filter(f"group_print not in ({known})")
    moved = pa.table(edges.to_arrow_table()).sort_by(ORDER)
    return pa.Table.from_pylist([*kept, *divisions(moved, rows)], schema=SCHEMA)


def divisions(edges, befores):
    """A row for each scope_number and week; not reckoned again where ``befores`` has its ties."""
    if not edges.num_rows:
        return []
    scopes = edges["scope_number"].to_numpy()
    weeks = edges["week"].to_numpy()
    changes = (np.diff(scopes) != 0) | (np.diff(weeks) != np.timedelta64(0, "D"))
    bounds = [0, *(np.flatnonzero(changes) + 1), edges.num_rows]
    senders, receivers = edges["from_number"].to_numpy(), edges["to_number"].to_numpy()
    # who speaks on one platform has the same ties there as on all of them
    divided = {row["ties_print"]: {name: row[name] for name in DIVISION} for row in befores}
    found = []
    for begin, end in pairwise(bounds):
        ties = senders[begin:end], receivers[begin:end]
        name = hashlib.sha256(b"".join(numbers.tobytes() for numbers in ties)).hexdigest()
        if name not in divided:
            divided[name] = {**division(*ties), "ties_print": name}
        about = {
            "scope_number": int(scopes[begin]),
            "week": weeks[begin].astype("datetime64[D]").item(),
            "group_print": str(edges["group_print"][begin].as_py()),
        }
        found.append(about | divided[name])
    return found


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
