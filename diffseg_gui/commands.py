"""Every action of the window, joined from its features' tables; :mod:`diffseg_gui.actions` tells what a row means.

A feature brings its own ``COMMANDS`` and is added to the last lines here. Rows keep their order within a menu.
"""

from __future__ import annotations

from diffseg_gui import blind, comparing, explain, filling, layout, measuring, probe, review, series, toolbox
from diffseg_gui.actions import Command
from diffseg_gui.panels import changes
from diffseg_gui.theme import THEMES
from diffseg_gui.views import VIEWS

DEVICES = {"auto": "&Fastest", "cpu": "&CPU", "cuda": "&NVIDIA GPU", "mps": "&Apple GPU"}

FILE = (
    Command("open", "File", "&Open…", "Ctrl+O", "Open a photograph", "files.choose"),
    Command("clear_recent", "File/Open &recent", "&Clear the list", "", "Forget the files opened",
            "preferences.forget"),
    *series.COMMANDS,
    Command("export", "File", "&Export…", "Ctrl+E", "Write masks, maps and sidecar to a folder", "files.choose_export",
            line=True),
    Command("quit", "File", "&Quit", "Ctrl+Q", "Close the window", "close", line=True),
)  # fmt: skip
VIEW = (
    *(
        Command(f"view_{key}", "View", view.title, str(number), view.tip, "show_view", argument=key, group="view",
                checked=number == 1)
        for number, (key, view) in enumerate(VIEWS.items(), 1)
    ),
    Command("zoom_in", "View", "Zoom &in", "+; =", "Closer", "stage.canvas.zoom_by", argument=1.25, line=True),
    Command("zoom_out", "View", "Zoom o&ut", "-", "Farther", "stage.canvas.zoom_by", argument=0.8),
    Command("fit", "View", "&Fit", "F", "Show the whole photograph", "viewport.fit"),
    Command("actual", "View", "&1:1", "Ctrl+1", "One screen pixel for each of the photograph's",
            "stage.canvas.actual_size"),
    Command("contour", "View", "&Contour", "C", "Draw the border only", "set_overlay", argument="contour",
            group="overlay", checked=True, line=True),
    Command("fill", "View", "Fi&ll", "I", "Tint the lesion", "set_overlay", argument="fill", group="overlay"),
    Command("off", "View", "&Off", "O", "Draw nothing over the photograph", "set_overlay", argument="off",
            group="overlay"),
    *filling.COMMANDS,
    Command("band", "View", "Border confidence &band", "B", "Where 10, 50 and 90 % of the timesteps agree", "set_band",
            checkable=True, checked=True),
    *(
        Command(f"theme_{name}", "View/&Theme", "&As the system" if name == "system" else f"&{name.capitalize()}", "",
                f"Colours: {name}", "dresser.choose", argument=name, group="theme", line=not number)
        for number, name in enumerate(THEMES)
    ),
)  # fmt: skip
ANALYSIS = (
    Command("run", "Analysis", "&Run again", "F5", "Analyse the open photograph; what is known is kept", "run_again"),
    Command("cancel", "Analysis", "&Cancel", "Esc", "Stop the analysis; what is found so far stays", "state.cancel"),
    Command("reset_settings", "Analysis", "Reset &all settings", "Ctrl+R", "Back to the defaults", "state.reset_recipe",
            icon="reset"),
    *(
        Command(f"device_{kind}", "Analysis/&Device", text, "", f"Analyse on: {text.replace('&', '')}", "set_device",
                argument=kind, group="device", checked=kind == "auto")
        for kind, text in DEVICES.items()
    ),
)  # fmt: skip
HELP = (
    Command(
        "shortcuts", "Help", "&Keyboard shortcuts", "F1; ?", "All keys at a glance", "help.show_shortcuts", icon="help"
    ),
    Command("about", "Help", "&About DiffSeg", "Shift+F1", "Version, model, purpose and licences", "help.show_about"),
)

COMMANDS: tuple[Command, ...] = (
    *FILE,
    *toolbox.COMMANDS,
    *VIEW,
    *explain.COMMANDS,
    *probe.COMMANDS,
    *layout.COMMANDS,
    *ANALYSIS,
    *changes.COMMANDS,
    *review.COMMANDS,
    *measuring.COMMANDS,
    *comparing.COMMANDS,
    *blind.COMMANDS,
    *HELP,
)
