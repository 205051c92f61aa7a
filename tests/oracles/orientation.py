"""What a viewer shows for each EXIF orientation, by the standard's table.

The standard says where the stored first row and first column belong when shown.
"""

import numpy as np

UPRIGHT = {
    1: lambda a: a,  # row 0 is the top, column 0 the left
    2: lambda a: a[:, ::-1],  # top, right
    3: lambda a: a[::-1, ::-1],  # bottom, right
    4: lambda a: a[::-1],  # bottom, left
    5: lambda a: np.swapaxes(a, 0, 1),  # left, top
    6: lambda a: np.rot90(a, -1),  # right, top
    7: lambda a: np.rot90(np.swapaxes(a, 0, 1), 2),  # right, bottom
    8: lambda a: np.rot90(a, 1),  # left, bottom
}
