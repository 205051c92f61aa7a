"""Which files are inputs, their names and where their results go."""

import os

import pytest

from portraitkit.batch.inputs import find_inputs, read_list


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*names):
    for name in names:
        folder = os.path.dirname(name)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(name, "wb") as file:
            file.write(name.encode("utf-8", "surrogateescape"))


def table(*arguments, output=None):
    return [(i.name, i.target) for i in find_inputs(arguments, output=output)]


def test_a_folder_is_searched_to_the_bottom_in_order(here):
    make("t/b.png", "t/sub/deep/c.WEBP", "t/a.jpg", "t/notes.txt", "t/.hidden.jpg")
    assert table("t") == [
        ("a.jpg", "a"),
        ("b.png", "b"),
        ("sub/deep/c.WEBP", "sub/deep/c"),
    ]


def test_a_file_may_have_any_name(here):
    make("x/portrait", "x/odd.txt", "x/with space ünd\nnewline.jpg")
    assert table("x/portrait", "x/odd.txt", "x/with space ünd\nnewline.jpg") == [
        ("portrait", "portrait"),
        ("odd.txt", "odd"),
        ("with space ünd\nnewline.jpg", "with space ünd\nnewline"),
    ]


def test_same_stem_keeps_extensions(here):
    make("t/a.jpg", "t/a.png", "t/b.jpg")
    assert table("t") == [("a.jpg", "a.jpg"), ("a.png", "a.png"), ("b.jpg", "b")]


def test_a_stem_that_equals_anothers_kept_name(here):
    make("t/a.jpg", "t/a.png", "t/a.jpg.png")
    targets = [target for _, target in table("t")]
    assert targets == ["a.jpg", "a.jpg.png", "a.png"]


def test_files_of_one_name_from_several_folders_are_told_apart(here):
    make("x/b.jpg", "y/b.jpg", "y/c.jpg")
    assert table("x/b.jpg", "y/b.jpg", "y/c.jpg") == [
        ("x/b.jpg", "x/b"),
        ("y/b.jpg", "y/b"),
        ("c.jpg", "c"),
    ]


def test_telling_apart_does_not_collide_with_another_name(here):
    make("x/b.jpg", "y/b.jpg", "t/x/b.jpg")
    names = [name for name, _ in table("x/b.jpg", "y/b.jpg", "t")]
    assert len(set(names)) == 3


def test_each_name_once_and_links_by_their_own(here):
    make("t/a.jpg")
    os.symlink("a.jpg", "t/link.jpg")
    both = [("a.jpg", "a"), ("link.jpg", "link")]
    assert table("t", "t/a.jpg", "./t/../t/a.jpg") == both


def test_a_pipe_is_not_waited_for(here):
    make("t/a.jpg")
    os.mkfifo("t/pipe.jpg")
    errors = {item.name: item.error for item in find_inputs(["t", "t/pipe.jpg"])}
    pipe = os.path.join("t", "pipe.jpg")
    assert errors == {"a.jpg": "", "pipe.jpg": f"{pipe}: is not a file"}


@pytest.mark.parametrize("pattern", ["t/*.jpg", "t/**/*.jpg"])
def test_a_glob_keeps_the_tree_below_its_fixed_part(here, pattern):
    make("t/a.jpg", "t/s/b.jpg")
    got = table(pattern)
    assert got[0] == ("a.jpg", "a")
    assert ("s/b.jpg", "s/b") in got or "**" not in pattern


def test_a_name_with_brackets_is_a_file_first(here):
    make("a[1].jpg")
    assert table("a[1].jpg") == [("a[1].jpg", "a[1]")]


@pytest.mark.parametrize(
    ("argument", "error"),
    [
        ("absent.jpg", "absent.jpg: no such file"),
        ("absent/*.jpg", "absent/*.jpg: matches no file"),
        ("t.jpg", "t.jpg: is a directory"),
    ],
)
def test_what_cannot_be_read_is_an_input_with_an_error(here, argument, error):
    os.mkdir("t.jpg")
    (item,) = find_inputs([argument])
    assert item.error == error


def test_a_directory_named_like_a_picture_inside_a_folder(here):
    make("t/ok.jpg", "t/full.jpg/b.png")
    os.mkdir("t/empty.jpg")
    got = {item.name: item.error for item in find_inputs(["t"])}
    assert got == {
        "ok.jpg": "",
        "full.jpg/b.png": "",
        "empty.jpg": f"{os.path.join('t', 'empty.jpg')}: is a directory",
    }


def test_the_output_folder_is_no_input(here):
    make("t/a.jpg", "t/out/a.mask.png", "t/out/a.person-1.trimap.png")
    assert table("t", output=here / "t/out") == [("a.jpg", "a")]


def test_results_beside_the_photographs_are_no_input(here):
    make("t/a.jpg", "t/a.mask.png", "t/s/b.jpg", "t/s/b.instances.png")
    assert table("t", output=here / "t") == [("a.jpg", "a"), ("s/b.jpg", "s/b")]


def test_list_of_names(here):
    path = here / "list.txt"
    path.write_bytes(b"a.jpg\r\n\n  b c.jpg\n\xff.jpg")
    assert read_list(path) == ["a.jpg", "  b c.jpg", "\udcff.jpg"]


def test_dots_in_a_path_never_lead_out_of_the_output_folder(here):
    make("x/b.jpg", "y/b.jpg")
    targets = [target for _, target in table("x/../x/b.jpg", "x/../y/b.jpg")]
    assert targets == ["x/b", "y/b"]
