"""The ribbon as Office reads it (customUI, schema of Office 2010)."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from capgain.addin.building.ribbon_controls import GROUPS, TAB_KEY_TIP, TAB_LABEL, Button, Choice

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"


def ribbon_xml() -> bytes:
    """The part `customUI/customUI14.xml`. Call-backs are in the VBA module CapGainRibbon."""
    root = Element("customUI", {"xmlns": NAMESPACE, "onLoad": "CapGainRibbonLoaded"})
    tabs = SubElement(SubElement(root, "ribbon"), "tabs")
    tab = SubElement(tabs, "tab", {"id": "CapGainTab", "label": TAB_LABEL, "keytip": TAB_KEY_TIP})
    for group in GROUPS:
        box = SubElement(tab, "group", {"id": group.id, "label": group.label})
        for control in group.controls:
            if isinstance(control, Button):
                SubElement(box, "button", _button(control))
            else:
                SubElement(box, "dropDown", _choice(control))
    indent(root)
    content: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + content + b"\n"


def _button(button: Button) -> dict[str, str]:
    attributes = {
        "id": button.id,
        "label": button.label,
        "size": "large" if button.large else "normal",
        "imageMso": button.image,
        "keytip": button.key_tip,
        "screentip": button.screen_tip,
        "supertip": button.super_tip,
        "onAction": "CapGainButtonPressed",
    }
    if button.needs_ledger:
        attributes["getEnabled"] = "CapGainHasLedger"
    return attributes


def _choice(choice: Choice) -> dict[str, str]:
    return {
        "id": choice.id,
        "label": choice.label,
        "keytip": choice.key_tip,
        "screentip": choice.screen_tip,
        "supertip": choice.super_tip,
        "sizeString": choice.width,
        "getEnabled": "CapGainHasLedger",
        "getItemCount": "CapGainChoiceCount",
        "getItemLabel": "CapGainChoiceLabel",
        "getSelectedItemIndex": "CapGainChoiceSelected",
        "onAction": "CapGainChoiceMade",
    }
