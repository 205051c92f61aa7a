__all__ = [
    "RLE",
    "Annotation",
    "ImageError",
    "atomic_write",
    "coco_document",
    "cutout",
    "decode_rle",
    "encode_jpeg",
    "encode_json",
    "encode_png",
    "encode_rle",
    "label_palette",
    "person_annotation",
    "read_alpha",
    "read_image",
    "read_labels",
    "read_mask",
    "write_alpha",
    "write_coco",
    "write_cutout",
    "write_image",
    "write_json",
    "write_labels",
    "write_mask",
    "write_trimap",
]

from .alpha import read_alpha as read_alpha
from .atomic import atomic_write as atomic_write
from .coco import Annotation as Annotation
from .coco import coco_document as coco_document
from .coco import person_annotation as person_annotation
from .coco import write_coco as write_coco
from .cutouts import cutout as cutout
from .cutouts import write_cutout as write_cutout
from .document import encode_json as encode_json
from .document import write_json as write_json
from .errors import ImageError as ImageError
from .image import read_image as read_image
from .labels import read_labels as read_labels
from .mask import read_mask as read_mask
from .palette import label_palette as label_palette
from .png import encode_jpeg as encode_jpeg
from .png import encode_png as encode_png
from .rle import RLE as RLE
from .rle import decode_rle as decode_rle
from .rle import encode_rle as encode_rle
from .writers import write_alpha as write_alpha
from .writers import write_image as write_image
from .writers import write_labels as write_labels
from .writers import write_mask as write_mask
from .writers import write_trimap as write_trimap
