"""What torchvision_check.py makes of shards and features: digests of its pixels, and the features.

Usage: check_images.py CHECK SHARDS FEATURES SIZE. Needs none of the networks' packages.
"""

import hashlib
import importlib.util
import json
import pathlib
import sys


def main(check, shards, features, size):
    spec = importlib.util.spec_from_file_location("torchvision_check", check)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    ids, values = module.read_features(pathlib.Path(features), 1000)
    images, encoding = module.read_images(pathlib.Path(shards), "train", ids)
    pixels = [module.to_size(image, int(size)) for image in images]
    seen = {
        "encoding": encoding,
        "ids": ids,
        "features": values.tolist(),
        "pixels": [hashlib.sha256(image.tobytes()).hexdigest() for image in pixels],
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
