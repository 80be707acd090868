"""Writes the digits of the studio's room of embeddings: 100 of each class, 8 by 8 pixels, from scikit-learn's copy of
the UCI set "Optical Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak 1998, doi 10.24432/C50P49, CC BY 4.0).

    python tools/studio/digits.py > studio/src/rooms/embeddings/digits.json

Ink goes from 0 to 15 (16 in the set is brought to 15), two pixels a byte, in base 64; labels are the digits in order.
"""

import base64
import json
import sys

from sklearn.datasets import load_digits

PER_CLASS = 100

images, labels = load_digits(return_X_y=True)
taken = [0] * 10
ink, order = bytearray(), []
for image, label in zip(images, labels):
    if taken[label] == PER_CLASS:
        continue
    taken[label] += 1
    order.append(str(label))
    pixels = [min(15, int(pixel)) for pixel in image]
    ink += bytes(pixels[i] << 4 | pixels[i + 1] for i in range(0, 64, 2))
json.dump(
    {
        "source": "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI, 1998, CC BY 4.0",
        "ink": base64.b64encode(bytes(ink)).decode(),
        "labels": "".join(order),
    },
    sys.stdout,
    indent=2,
)
sys.stdout.write("\n")
