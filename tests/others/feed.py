"""Brings the checkpoint of a published log folder to a witness, as a log does, and prints what came
of it: `cosigned SIZE`, or the name of the refusal. Everything but the folder is other people's code.
"""

import sys
from pathlib import Path

from aics_tlog import MerkleTree, parse_checkpoint, parse_note
from aics_tlog.tiles import FileSystemTileReader, read_entry
from aics_witness.feeder import FeederError, WitnessClient, merge_cosignatures

folder, url, vkey, state = sys.argv[1:]
note = Path(folder, "checkpoint").read_bytes()
size = parse_checkpoint(parse_note(note).text).size
reader = FileSystemTileReader(folder)
tree = MerkleTree([read_entry(reader, index, size) for index in range(size)])
client = WitnessClient(url, vkey, state_path=Path(state))
try:
    line = client.submit(note, tree.consistency_proof)
except FeederError as refusal:
    print(type(refusal).__name__, getattr(refusal, "status", ""), str(refusal))
    sys.exit(3)
merged = merge_cosignatures(note, line)
assert merged.startswith(note), "the log's own lines stay as they were"
print(f"cosigned {size}")
