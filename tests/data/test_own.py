"""Which films of a user's own folder or table are taken, and under which class."""

import pytest

from cxr_core.data import DataSetError, list_own_films, without_repeats


def put(folder, *names, content=None):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((content or name).encode())


def listed(data):
    films = list_own_films(data)
    return [(path.name, label) for path, label in zip(films["path"], films["label"], strict=True)]


def test_class_folders_may_be_missing_and_hold_any_kind_of_file(tmp_path):
    put(tmp_path, "Normal/b.dcm", "Normal/a.PNG", "COVID/1.2.840", "COVID/deep/er/c.jpg", "Other/x.png", "loose.png")
    assert listed(tmp_path) == [("1.2.840", "COVID"), ("c.jpg", "COVID"), ("a.PNG", "Normal"), ("b.dcm", "Normal")]


def test_hidden_files_are_no_films(tmp_path):
    put(tmp_path, "COVID/.DS_Store", "COVID/.cache/a.png", "COVID/a.png")
    assert listed(tmp_path) == [("a.png", "COVID")]


def test_folder_of_images_is_taken_alone(tmp_path):
    put(tmp_path, "COVID/images/a.png", "COVID/masks/a.png")
    assert listed(tmp_path) == [("a.png", "COVID")]
    assert list_own_films(tmp_path)["path"][0].parent.name == "images"


def test_table_is_taken_before_folders_and_paths_are_relative_to_it(tmp_path):
    put(tmp_path, "COVID/a.png", "films/b.dcm")
    (tmp_path / "manifest.csv").write_text("path,label,age\nfilms/b.dcm,Viral Pneumonia,4\nabsent.png,Normal,\n")
    assert listed(tmp_path) == [("b.dcm", "Viral Pneumonia"), ("absent.png", "Normal")]
    assert list_own_films(tmp_path)["path"][0].is_file()


def test_table_may_have_any_name(tmp_path):
    (tmp_path / "mine.csv").write_text("label,path\nCOVID,a.png\n")
    assert listed(tmp_path / "mine.csv") == [("a.png", "COVID")]
    assert list_own_films(tmp_path / "mine.csv")["path"][0] == tmp_path / "a.png"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("path,label\n", "lists no films"),
        ("path,label\na.png,Flu\n", "'Flu'"),
        ("path,class\na.png,COVID\n", "label"),
        ("path,label\na.png,\n", "empty label"),
    ],
)
def test_table_that_cannot_be_used_is_refused(tmp_path, content, sentence):
    (tmp_path / "mine.csv").write_text(content)
    with pytest.raises(DataSetError, match=sentence):
        list_own_films(tmp_path / "mine.csv")


def test_no_folder_and_no_films_are_told_apart(tmp_path):
    with pytest.raises(DataSetError, match="no data folder and no CSV file"):
        list_own_films(tmp_path / "nowhere")
    (tmp_path / "COVID").mkdir()
    with pytest.raises(DataSetError, match=r"holds no films\. Put them into folders named COVID, Lung_Opacity"):
        list_own_films(tmp_path)


def test_file_with_the_same_bytes_is_left_out(tmp_path):
    put(tmp_path, "COVID/a.png", "COVID/b.png", "COVID/c.png", content="one film")
    put(tmp_path, "Normal/d.png", content="as long!")
    films = without_repeats(list_own_films(tmp_path))
    assert [path.name for path in films["path"]] == ["a.png", "d.png"]
    assert list(films.index) == [0, 1]


def test_same_film_under_two_classes_is_refused_with_both_files(tmp_path):
    put(tmp_path, "COVID/a.png", "Normal/b.png", content="one film")
    with pytest.raises(DataSetError, match=r"a\.png and .*b\.png are the same film, under two classes"):
        without_repeats(list_own_films(tmp_path))


def test_files_that_cannot_be_opened_stay(tmp_path):
    (tmp_path / "mine.csv").write_text("path,label\nabsent.png,COVID\nabsent.png,Normal\nfolder,Normal\n")
    (tmp_path / "folder").mkdir()
    assert len(without_repeats(list_own_films(tmp_path / "mine.csv"))) == 3
