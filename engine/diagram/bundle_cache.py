"""Compiled bundles by hash: a spec costs about 55 KB and some milliseconds, and every instance shares it."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock

from engine.diagram.bundle import Bundle, compile_bundle
from engine.errors import BundleChanged

CAPACITY = 64
LoadSources = Callable[[], tuple[str, Mapping[str, bytes]]]


class BundleCache:
    """The bundles used last, at most `capacity` of them. Safe for threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._bundles: OrderedDict[str, Bundle] = OrderedDict()
        self._lock = Lock()

    def get(self, bundle_hash: str, load_sources: LoadSources) -> Bundle:
        """The bundle with this hash; compiled, without holding up other threads, if it is not at hand."""
        with self._lock:
            if bundle_hash in self._bundles:
                self._bundles.move_to_end(bundle_hash)
                return self._bundles[bundle_hash]
        process_id, sources = load_sources()
        bundle = compile_bundle(sources, process_id)
        if bundle.hash != bundle_hash:
            raise BundleChanged(process_id=process_id, expected=bundle_hash, found=bundle.hash)
        return self.keep(bundle)

    def keep(self, bundle: Bundle) -> Bundle:
        """Remembers a bundle; of two compiled at the same moment, everybody gets the first."""
        with self._lock:
            kept = self._bundles.setdefault(bundle.hash, bundle)
            self._bundles.move_to_end(bundle.hash)
            while len(self._bundles) > self._capacity:
                self._bundles.popitem(last=False)
            return kept

    def __len__(self) -> int:
        return len(self._bundles)


_BUNDLES = BundleCache()


def bundle_of(bundle_hash: str, load_sources: LoadSources) -> Bundle:
    """The compiled bundle with this hash, shared by the whole process.

    Args: the hash; a function that loads (process id, sources by name) from storage, called only on a miss.
    Raises BundleChanged if what was loaded is not what the hash was taken of, BundleRefused if it does not
    compile (it did when it was deployed).
    """
    return _BUNDLES.get(bundle_hash, load_sources)


def remember(bundle: Bundle) -> Bundle:
    """Keeps a bundle that has just been deployed, so that its first instance need not compile it."""
    return _BUNDLES.keep(bundle)
