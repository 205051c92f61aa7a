"""COCO's run lengths and their text, one run and one character at a time."""


def run_lengths(mask):
    """Lengths of the runs down the columns, background first."""
    height, width = mask.shape
    runs, value, length = [], False, 0
    for x in range(width):
        for y in range(height):
            if bool(mask[y, x]) != value:
                runs.append(length)
                value, length = not value, 0
            length += 1
    return [*runs, length]


def to_text(runs):
    """Five bits a character, lowest first, less the run two before."""
    text = ""
    for i, run in enumerate(runs):
        rest = run - runs[i - 2] if i > 2 else run
        while True:
            low, rest = rest & 31, rest >> 5
            done = rest == (-1 if low & 16 else 0)
            text += chr(48 + low + (0 if done else 32))
            if done:
                break
    return text


def encode(mask):
    return {"size": list(mask.shape), "counts": to_text(run_lengths(mask))}
