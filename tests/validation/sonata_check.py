"""Is a file SONATA as every reader understands it? sonata_check.py FILE... prints what is wrong, and exits 1 if anything is.

Rules: the SONATA developer guide 0.1 where libsonata, BMTK, Neo and the published examples agree with it or are stricter.
"""

import sys

import h5py
import numpy as np

MAGIC = 0x0A7A


class Check:
    def __init__(self, path):
        self.path = path
        self.errors = []

    def that(self, condition, text):
        if not condition:
            self.errors.append(f"{self.path}: {text}")
        return bool(condition)

    def dataset(self, group, name, kind, dimensions=1):
        if not self.that(name in group, f"{group.name} has no {name}"):
            return None
        data = group[name]
        self.that(data.dtype == np.dtype(kind), f"{data.name} is {data.dtype}, not {kind}")
        self.that(data.ndim == dimensions, f"{data.name} has {data.ndim} dimensions, not {dimensions}")
        return data

    def units(self, data, expected=None):
        units = data.attrs.get("units")
        # Text, not bytes: readers compare it with a string.
        if self.that(isinstance(units, str), f"{data.name} has units {units!r}, not text") and expected:
            self.that(units == expected, f"{data.name} is in {units}, not {expected}")


def check_root(check, file):
    magic, version = file.attrs.get("magic"), file.attrs.get("version")
    check.that(magic is not None and magic.dtype == np.uint32 and magic == MAGIC, f"magic is {magic!r}")
    check.that(
        version is not None and version.dtype == np.uint32 and list(version) == [0, 1], f"version is {version!r}"
    )


def check_sorting(check, group):
    if not check.that("sorting" in group.attrs, f"{group.name} has no sorting"):
        return None
    names = h5py.check_enum_dtype(group.attrs.get_id("sorting").dtype)
    expected = {"none": 0, "by_id": 1, "by_time": 2}
    check.that(names == expected, f"{group.name}: sorting is no enum of {expected} but {names}")
    check.that(group.attrs.get_id("sorting").dtype == np.uint8, f"{group.name}: sorting is not over uint8")
    return int(group.attrs["sorting"])


def check_spikes(check, group):
    times = check.dataset(group, "timestamps", "float64")
    ids = check.dataset(group, "node_ids", "uint64")
    sorting = check_sorting(check, group)
    if times is None or ids is None:
        return
    check.units(times, "ms")
    if not check.that(len(times) == len(ids), f"{group.name}: {len(times)} times, {len(ids)} ids"):
        return
    t, i = times[:], ids[:]
    check.that(np.all(np.isfinite(t)) and np.all(t >= 0), f"{group.name}: times that are none")
    if sorting == 2:
        later = (t[1:] > t[:-1]) | ((t[1:] == t[:-1]) & (i[1:] >= i[:-1]))
        check.that(np.all(later), f"{group.name} is not sorted by time, then id")
    start, stop = group.attrs.get("t_start"), group.attrs.get("t_stop")
    if check.that(start is not None and stop is not None, f"{group.name} has no t_start or t_stop") and len(t):
        check.that(start <= t[0] and t[-1] <= stop, f"{group.name}: spikes outside {start} to {stop}")
    if "step" in group:
        step = check.dataset(group, "step", "int64")
        if check.that(len(step) == len(t), f"{group.name}: {len(step)} steps for {len(t)} spikes") and len(t):
            dt = t[-1] / step[-1]
            check.that(np.allclose(step[:] * dt, t, rtol=1e-12), f"{group.name}: steps are not times")


def check_report(check, group):
    data = group.get("data")
    if not check.that(data is not None and data.ndim == 2, f"{group.name} has no data of two dimensions"):
        return
    check.that(data.dtype in (np.float32, np.float64), f"{data.name} is {data.dtype}")
    check.that(data.chunks is not None, f"{data.name} is not chunked")
    check.units(data)
    mapping = group["mapping"]
    ids = check.dataset(mapping, "node_ids", "uint64")
    pointers = check.dataset(mapping, "index_pointers", "uint64")
    elements = check.dataset(mapping, "element_ids", "uint32")
    positions = check.dataset(mapping, "element_pos", "float32")
    time = check.dataset(mapping, "time", "float64")
    if None in (ids, pointers, elements, positions, time):
        return
    check.that(mapping.get("index_pointer") == pointers, f"{mapping.name}: index_pointer is not index_pointers")
    check.units(time, "ms")
    frames, columns = data.shape
    check.that(len(elements) == columns and len(positions) == columns, f"{mapping.name}: elements are not columns")
    p = pointers[:]
    check.that(len(p) == len(ids) + 1, f"{mapping.name}: {len(p)} pointers for {len(ids)} nodes")
    check.that(p[0] == 0 and p[-1] == columns and np.all(p[1:] >= p[:-1]), f"{pointers.name} does not span the columns")
    check.that(ids.attrs.get("sorted") == 1, f"{ids.name} is not marked as sorted")
    check.that(np.all(ids[1:] > ids[:-1]) if len(ids) > 1 else True, f"{ids.name} is not sorted")
    start, stop, dt = time[:]
    check.that(round((stop - start) / dt) == frames, f"{time.name} stands for {(stop - start) / dt} frames, not {frames}")


def check_same_length(check, group, names):
    """Datasets of one dimension that have one element each for the same things; their number, or None."""
    lengths = {name: group[name].shape[0] for name in names if name in group and group[name].ndim == 1}
    if not check.that(len(set(lengths.values())) <= 1, f"{group.name}: lengths differ: {lengths}"):
        return None
    return next(iter(lengths.values()), None)


def check_groups(check, population, kind, count):
    """Every element is one row of one group: group id and index lead to it, and every attribute has all rows."""
    ids, indices = population.get(f"{kind}_group_id"), population.get(f"{kind}_group_index")
    if ids is None or indices is None or count is None:
        return
    check.that(ids.dtype.kind in "iu" and indices.dtype.kind in "iu", f"{population.name}: groups are no integers")
    ids, indices = ids[:], indices[:]
    for number in np.unique(ids):
        if not check.that(str(number) in population, f"{population.name} has no group {number}"):
            continue
        rows = np.sort(indices[ids == number])
        check.that(np.array_equal(rows, np.arange(len(rows))), f"{population.name}: rows of group {number} are not 0, 1, ..")
        group = population[str(number)]
        attributes = [d for d in group.values() if isinstance(d, h5py.Dataset)]
        attributes += list(group.get("dynamics_params", {}).values())
        for data in attributes:
            check.that(data.shape[:1] == (len(rows),), f"{data.name} has {data.shape} elements for {len(rows)} rows")
            check.that(data.dtype.kind in "fiuOS", f"{data.name} is {data.dtype}")
            if data.dtype.kind == "f":
                check.that(np.all(np.isfinite(data[:])), f"{data.name} has values that are no numbers")


def check_nodes(check, group):
    check.dataset(group, "node_type_id", "int64")
    ids = check.dataset(group, "node_id", "uint64")
    names = ("node_type_id", "node_id", "node_group_id", "node_group_index")
    for name in names:
        check.that(name in group, f"{group.name} has no {name}")
    count = check_same_length(check, group, names)
    check.that("0" in group, f"{group.name} has no group 0")
    if ids is not None:
        # libsonata numbers nodes by their place: anything else would be another node there than here.
        check.that(np.array_equal(ids[:], np.arange(len(ids))), f"{ids.name} is not 0, 1, ..")
    check_groups(check, group, "node", count)
    for data in group.get("0/dynamics_params", {}).values():
        check.units(data)


def check_index(check, population, name, nodes_of_edges):
    """Each node's ranges hold exactly the edges of that node, each once; sizes are those of the nodes and the ranges."""
    index = population.get(f"indices/{name}")
    if not check.that(index is not None, f"{population.name} has no index {name}"):
        return
    nodes = check.dataset(index, "node_id_to_ranges", "uint64", 2)
    ranges = check.dataset(index, "range_to_edge_id", "uint64", 2)
    if nodes is None or ranges is None:
        return
    check.that(index.get("node_id_to_range") == nodes, f"{index.name}: node_id_to_range is not node_id_to_ranges")
    if not check.that(nodes.shape[1:] == (2,) and ranges.shape[1:] == (2,), f"{index.name}: tables without two columns"):
        return
    nodes, ranges, edges = nodes[:].astype(np.int64), ranges[:].astype(np.int64), len(nodes_of_edges)
    check.that(edges == 0 or nodes_of_edges.max() < len(nodes), f"{index.name} does not have a row for each node")
    if not check.that(
        np.all(nodes[:, 0] <= nodes[:, 1]) and np.all(nodes >= 0) and np.all(nodes <= len(ranges)),
        f"{index.name}: rows of nodes are no half-open intervals of ranges",
    ):
        return
    if not check.that(
        np.all(ranges[:, 0] < ranges[:, 1]) and np.all(ranges >= 0) and np.all(ranges <= edges),
        f"{index.name}: ranges are no half-open intervals of edges",
    ):
        return
    owner = np.full(len(ranges), -1)
    times = np.zeros(len(ranges) + 1, int)
    np.add.at(times, nodes[:, 0], 1)
    np.add.at(times, nodes[:, 1], -1)
    if not check.that(np.all(np.cumsum(times)[:-1] == 1), f"{index.name}: a range of none or of several nodes"):
        return
    for node in np.flatnonzero(nodes[:, 0] < nodes[:, 1]):
        owner[nodes[node, 0] : nodes[node, 1]] = node
    lengths = ranges[:, 1] - ranges[:, 0]
    # Edge after edge, in the order of ranges: edge begin + k of a range of length n for k below n.
    starts = np.repeat(ranges[:, 0] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths) if len(ranges) else lengths
    found = starts + np.arange(lengths.sum())
    if check.that(np.array_equal(np.sort(found), np.arange(edges)), f"{index.name}: not every edge exactly once"):
        check.that(
            np.array_equal(nodes_of_edges[found], np.repeat(owner, lengths)), f"{index.name}: edges of other nodes"
        )


def check_edges(check, group):
    ids = {}
    for side in ("source", "target"):
        data = check.dataset(group, f"{side}_node_id", "uint64")
        if data is None:
            return
        name = data.attrs.get("node_population")
        check.that(isinstance(name, str) and name, f"{data.name} has node_population {name!r}, not text")
        ids[side] = data[:].astype(np.int64)
    check.dataset(group, "edge_type_id", "int64")
    names = ("source_node_id", "target_node_id", "edge_type_id", "edge_group_id", "edge_group_index")
    for name in names:
        check.that(name in group, f"{group.name} has no {name}")
    count = check_same_length(check, group, names)
    check.that("0" in group, f"{group.name} has no group 0")
    check_groups(check, group, "edge", count)
    for name, unit in (("0/syn_weight", None), ("0/delay", "ms")):
        if name in group:
            check.that(group[name].dtype == np.float64, f"{group[name].name} is {group[name].dtype}")
            check.units(group[name], unit)
    if "0/delay" in group:
        check.that(np.all(group["0/delay"][:] > 0.0), f"{group.name}: delays that are not positive")
    if check.that(count is not None, f"{group.name} has no edges that could be counted"):
        check_index(check, group, "source_to_target", ids["source"])
        check_index(check, group, "target_to_source", ids["target"])


def check_checksums(check, name, item):
    if isinstance(item, h5py.Dataset) and item.chunks is not None:
        check.that(item.fletcher32 or item.compression, f"{name} has no checksum")


def check_file(path):
    check = Check(path)
    with h5py.File(path, "r") as file:
        check_root(check, file)
        found = False
        kinds = (("spikes", check_spikes), ("report", check_report), ("nodes", check_nodes), ("edges", check_edges))
        for root, rule in kinds:
            for group in file.get(root, {}).values():
                found = True
                rule(check, group)
        check.that(found, "neither spikes nor a report, nodes or edges")
        file.visititems(lambda name, item: check_checksums(check, name, item))
    return check.errors


if __name__ == "__main__":
    errors = [error for path in sys.argv[1:] for error in check_file(path)]
    print("\n".join(errors) if errors else f"{len(sys.argv) - 1} files are as they should be")
    sys.exit(1 if errors or len(sys.argv) < 2 else 0)
