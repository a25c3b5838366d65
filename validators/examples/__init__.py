"""Examples of every rule as data: a dossier that passes, one that fails, one not concerned, one that cannot be told.

`<RULE>.yaml` beside this file holds a rule's examples, each a change to a faultless dossier of `dossiers/`. They are
written to be checked by the people who know the law, explain a rule in `sohoa rules D08`, and are its tests.
"""
