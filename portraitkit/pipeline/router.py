"""A network for each kind of shot, and which one a photograph goes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from .._core.checks import check_image, check_unit
from ..instance import Shot, grade_shot
from ..models import Detections, FaceDetector, FaceGuidedSegmenter, Segmenter
from .branches import (
    BranchedSegmenter,
    check_branches,
    check_detections,
    check_model,
    check_shot,
    describe_model,
    is_branched,
    named_shot,
)

if TYPE_CHECKING:
    from .._core.typing import ArrayLike, Probability


class DomainRouter:
    """Segment each photograph with the network for its kind of shot.

    Parameters
    ----------
    branches : mapping of Shot to Segmenter
        The networks.
    faces : FaceDetector
        Finds the faces whose share of the photograph is the grade.
    fallback : Shot, optional
        The branch that takes the shots that have none. Without one, a photograph of
        such a shot is refused when it comes.

    Attributes
    ----------
    branches : mapping of Shot to Segmenter
        As given.
    fallback : Shot or None
        As given.

    Raises
    ------
    TypeError
        If a branch or `faces` is not callable.
    ValueError
        If a key is no shot, there are no branches, or the fallback is none of them.

    See Also
    --------
    portraitkit.instance.grade_shot : The grade.
    PortraitPipeline : Routes by itself where its segmenter has branches.

    Notes
    -----
    Branch dispatch of [1]_: eq. 5 grades a photograph by the share of its dominant
    face, and the grade selects the branch. A call costs a face detection and one
    branch; what a branch answers is checked, O(H W).

    References
    ----------
    .. [1] Liang et al., "Person foreground segmentation by learning multi-domain
       networks", section IV-B.

    Examples
    --------
    >>> import numpy as np
    >>> from portraitkit.models import Detections
    >>> near = lambda image: np.ones(image.shape[:2], np.float32)
    >>> far = lambda image: np.zeros(image.shape[:2], np.float32)
    >>> router = DomainRouter(
    ...     {Shot.HEAD_SHOT: near, Shot.FAR_SHOT: far},
    ...     faces=lambda image: Detections([[1, 1, 9, 9]], [0.9]),
    ...     fallback=Shot.FAR_SHOT,
    ... )
    >>> float(router(np.zeros((10, 10, 3), np.uint8)).mean())
    1.0
    >>> float(router(np.zeros((20, 20, 3), np.uint8)).mean())
    0.0
    >>> router.counts
    Counter({<Shot.HEAD_SHOT: 'head shot'>: 1, <Shot.FAR_SHOT: 'far shot'>: 1})
    """

    def __init__(
        self,
        branches: Mapping[Shot, Segmenter],
        /,
        *,
        faces: FaceDetector,
        fallback: Shot | None = None,
    ) -> None:
        self.branches = MappingProxyType(check_branches(branches))
        self.fallback = None if fallback is None else check_shot("fallback", fallback)
        self.faces = check_model("faces", faces)
        self._check_fallback()
        self._model: object = None
        self._counts: Counter[Shot] = Counter()
        self._lock = Lock()

    @classmethod
    def of_model(cls, model: BranchedSegmenter, /, *, faces: FaceDetector) -> Self:
        """Route among the branches of one model, falling back as its card says.

        Parameters
        ----------
        model : segmenter with branches
            What `portraitkit.models.load_model` makes of a branched card: its
            ``branches`` are keyed by the names of shots, "HEAD_SHOT", and
            ``fallback`` is one of these names or None.
        faces : FaceDetector
            Finds the faces whose share of the photograph is the grade.

        Returns
        -------
        DomainRouter

        Raises
        ------
        TypeError, ValueError
            If the model has no branches, or they make no router.
        """
        if not is_branched(model):
            msg = (
                f"model must be a segmenter with branches and a fallback; got {model!r}"
            )
            raise TypeError(msg)
        fallback = model.fallback
        router = cls(
            {named_shot(name): branch for name, branch in model.branches.items()},
            faces=faces,
            fallback=None if fallback is None else named_shot(fallback),
        )
        router._model = model
        return router

    @property
    def counts(self) -> Counter[Shot]:
        """How many photographs each branch has taken so far."""
        with self._lock:
            return Counter(self._counts)

    def branch_for(self, shot: Shot) -> Shot:
        """Return which branch takes a photograph of grade `shot`.

        Raises
        ------
        ValueError
            If `shot` is none, or none takes it.
        """
        shot = check_shot("shot", shot)
        if shot in self.branches:
            return shot
        if self.fallback is None:
            msg = (
                f"branches must have one for {shot.name} to take this photograph, or "
                f"fallback must be given; there are branches for {self._there()}"
            )
            raise ValueError(msg)
        return self.fallback

    def describe(self) -> dict[str, Any]:
        """Return what a record of results should say about the models."""
        if self._model is not None:
            return describe_model(self._model)
        branches = {
            shot.value: describe_model(branch) for shot, branch in self.branches.items()
        }
        return {
            "branches": branches,
            "fallback": None if self.fallback is None else self.fallback.value,
        }

    def __call__(self, image: ArrayLike, /) -> Probability:
        """Segment one photograph.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB.

        Returns
        -------
        (H, W) float32
            How surely each pixel belongs to a person, 0..1.

        Raises
        ------
        TypeError, ValueError
            If `image`, or what a model answers, is not what it must be, or no branch
            takes its shot.
        """
        checked = check_image("image", image)
        found = check_detections("faces", self.faces(checked))
        return self.from_faces(checked, found)

    def from_faces(self, image: ArrayLike, faces: Detections, /) -> Probability:
        """Segment one photograph whose faces are known; see ``__call__``."""
        image = check_image("image", image)
        shape = image.shape[0], image.shape[1]
        chosen = self.branch_for(grade_shot(faces.boxes, shape))
        branch = self.branches[chosen]
        if isinstance(branch, FaceGuidedSegmenter):
            answer = branch.from_faces(image, faces)
        else:
            answer = branch(image)
        name = f"the probability of the {chosen.value} branch"
        checked = check_unit(name, answer, shape=shape)
        with self._lock:
            self._counts[chosen] += 1
        return checked

    def _there(self) -> str:
        return ", ".join(shot.name for shot in self.branches)

    def _check_fallback(self) -> None:
        if not self.branches:
            msg = "branches must have one at least; got none"
            raise ValueError(msg)
        if self.fallback is not None and self.fallback not in self.branches:
            msg = (
                f"fallback must be one of the branches {self._there()}; "
                f"got {self.fallback.name}"
            )
            raise ValueError(msg)
