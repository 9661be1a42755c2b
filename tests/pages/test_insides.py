"""What Streamlit and Keras do by themselves, and what is done about it. What Starlette does is in `tests/test_app.py`."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from pages.insides import keep_networks, let_uploads_begin, served_from_memory, session_is_open, through_the_router

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("name", "query"), [("net_benefit", {}), ("model_card", {"part": "results"})])
def test_first_plot_of_a_session_waits_once(monkeypatch, name, query):
    happened = []
    chart = st.plotly_chart
    monkeypatch.setattr("pages.insides.time", SimpleNamespace(sleep=lambda seconds: happened.append("wait")))
    monkeypatch.setattr(st, "plotly_chart", lambda *args, **options: happened.append("plot") or chart(*args, **options))
    app = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=120)
    app.query_params.update(query)
    for _ in range(2):
        app.run()
    assert not app.exception
    assert happened[0] == "wait"
    assert happened.count("wait") == 1
    assert happened.count("plot") > 2


def test_a_page_that_was_opened_without_the_router_is_drawn_anew_through_it(monkeypatch):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    PagesManager(str(ROOT / "app.py"))
    assert PagesManager.uses_pages_directory  # so Streamlit by itself opens a page of the folder without the router
    reruns = []
    monkeypatch.setattr(st, "rerun", lambda: reruns.append(PagesManager.uses_pages_directory))
    through_the_router()
    assert reruns == [False]
    through_the_router()
    assert len(reruns) == 1


def test_an_upload_is_kept_until_it_is_forgotten():
    def script():
        import streamlit as st
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        from pages.insides import forget_upload

        uploaded = st.file_uploader("Film")
        if uploaded is not None:
            context = get_script_run_ctx()
            held = [context.uploaded_file_mgr.get_files(context.session_id, [uploaded.file_id])]
            forget_upload(uploaded)
            held.append(context.uploaded_file_mgr.get_files(context.session_id, [uploaded.file_id]))
            st.session_state.held = [[file.name for file in files] for files in held]

    app = AppTest.from_function(script).run()
    app.file_uploader[0].set_value(("DOE^JANE.png", b"a film", "image/png")).run()
    assert not app.exception
    assert app.session_state.held == [["DOE^JANE.png"], []]


@pytest.mark.parametrize("fragments", [None, ["strip"]], ids=["whole page", "fragment"])
def test_a_run_of_the_page_takes_away_where_to_upload_to_unless_it_is_kept(monkeypatch, fragments):
    plain = getattr(ForwardMsgQueue.clear, "__wrapped__", ForwardMsgQueue.clear)
    monkeypatch.setattr(ForwardMsgQueue, "clear", plain)

    def left() -> list[str]:
        address, delta, end = ForwardMsg(), ForwardMsg(), ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
        address.file_urls_response.response_id = "asked"
        delta.metadata.delta_path[:] = [0, 1]
        delta.delta.new_element.SetInParent()
        queue = ForwardMsgQueue()
        for message in (address, delta, end):
            queue.enqueue(message)
        queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=fragments)
        return [message.WhichOneof("type") for message in queue.flush()]

    before = left()
    assert fragments or "file_urls_response" not in before  # so Streamlit by itself loses the file
    for _ in range(2):  # each run of the app asks for it
        let_uploads_begin()
        kept = left()
        assert kept.count("file_urls_response") == 1
        assert [kind for kind in kept if kind != "file_urls_response"] == [kind for kind in before if kind != "file_urls_response"]


def test_streamlit_clears_the_keras_session_unless_it_is_kept_from_it(monkeypatch):
    cleared = []
    keras = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: cleared.append("cleared")))
    monkeypatch.setitem(sys.modules, "keras", keras)
    script_runner._clean_problem_modules()  # after every run of a page
    assert cleared == ["cleared"]
    keep_networks()
    script_runner._clean_problem_modules()
    assert cleared == ["cleared"]


def test_what_is_served_from_memory_is_forgotten_once_something_else_is_in_its_place(monkeypatch):
    storage = MemoryMediaFileStorage("/media")
    manager = MediaFileManager(storage)
    monkeypatch.setattr("pages.insides.get_instance", lambda: SimpleNamespace(media_file_mgr=manager))
    names = [Path(served_from_memory(film, "viewer.film")).name for film in (b"one", b"other")]
    assert storage.get_file(names[1]).content == b"other"
    manager.remove_orphaned_files()  # as Streamlit does after every run
    with pytest.raises(MediaFileStorageError):
        storage.get_file(names[0])
    assert storage.get_file(names[1]).content == b"other"


def test_a_session_is_open_until_its_browser_is_gone(monkeypatch):
    assert session_is_open()(), "there is no server"
    assert callable(Runtime.is_active_session)
    shown = {"mine"}
    monkeypatch.setattr("pages.insides.exists", lambda: True)
    monkeypatch.setattr("pages.insides.get_instance", lambda: SimpleNamespace(is_active_session=shown.__contains__))
    monkeypatch.setattr("pages.insides.get_script_run_ctx", lambda: SimpleNamespace(session_id="mine"))
    is_open = session_is_open()
    assert is_open()
    shown.clear()
    assert not is_open()
