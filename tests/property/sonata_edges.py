"""Writes SONATA edges with h5py, as others do."""

import h5py
import numpy as np


def write_edges(path, population, source, target, attributes, *, order="target", index=None, nodes=("a", "b"), **options):
    """Edges by arrays; `attributes` of group 0. `order`: by target, or a seed to shuffle by. `index`: the name of the first
    table of an index by target, over `options["targets"]` nodes. More options go to the datasets (chunks, compression)."""
    targets = options.pop("targets", None)
    source, target = np.asarray(source, dtype=np.uint64), np.asarray(target, dtype=np.uint64)
    if order == "target":
        permutation = np.argsort(target, kind="stable")
    else:
        permutation = np.random.default_rng(order).permutation(len(target))
    source, target = source[permutation], target[permutation]
    with h5py.File(path, "a") as file:
        file.attrs["magic"] = np.uint32(0x0A7A)
        file.attrs["version"] = np.array([0, 1], dtype=np.uint32)
        group = file.create_group(f"edges/{population}")
        for name, ids, of in [("source_node_id", source, nodes[0]), ("target_node_id", target, nodes[1])]:
            group.create_dataset(name, data=ids, **options).attrs["node_population"] = of
        count = len(source)
        group.create_dataset("edge_type_id", data=np.full(count, 100, dtype=np.int64), **options)
        group.create_dataset("edge_group_id", data=np.zeros(count, dtype=np.uint64), **options)
        group.create_dataset("edge_group_index", data=np.arange(count, dtype=np.uint64), **options)
        group.create_group("0")
        for name, values in attributes.items():
            group["0"].create_dataset(name, data=np.asarray(values)[permutation], **options)
        if index:
            write_index(group.create_group("indices/target_to_source"), index, target, targets)


def write_index(group, first_table, target, targets):
    """Ranges of edges in a row that end on one target."""
    starts = np.flatnonzero(np.diff(target.astype(np.int64), prepend=-1))
    ends = np.append(starts[1:], len(target))
    owner = target[starts]
    order = np.argsort(owner, kind="stable")
    starts, ends, owner = starts[order], ends[order], owner[order]
    ids = np.arange(targets)
    of_nodes = np.stack([np.searchsorted(owner, ids, "left"), np.searchsorted(owner, ids, "right")], axis=1)
    group.create_dataset(first_table, data=of_nodes.astype(np.uint64))
    group.create_dataset("range_to_edge_id", data=np.stack([starts, ends], axis=1).astype(np.uint64))
