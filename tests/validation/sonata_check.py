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


def check_checksums(check, name, item):
    if isinstance(item, h5py.Dataset) and item.chunks is not None:
        check.that(item.fletcher32 or item.compression, f"{name} has no checksum")


def check_file(path):
    check = Check(path)
    with h5py.File(path, "r") as file:
        check_root(check, file)
        found = False
        for root, rule in (("spikes", check_spikes), ("report", check_report)):
            for group in file.get(root, {}).values():
                found = True
                rule(check, group)
        check.that(found, "neither spikes nor a report")
        file.visititems(lambda name, item: check_checksums(check, name, item))
    return check.errors


if __name__ == "__main__":
    errors = [error for path in sys.argv[1:] for error in check_file(path)]
    print("\n".join(errors) if errors else f"{len(sys.argv) - 1} files are as they should be")
    sys.exit(1 if errors or len(sys.argv) < 2 else 0)
