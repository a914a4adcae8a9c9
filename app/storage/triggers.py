"""The triggers that keep the board's counts, so that it never reads a hundred thousand lines."""

from __future__ import annotations

from typing import Final

CASE_ADDED: Final = """
CREATE TRIGGER case_line_added AFTER INSERT ON case_line BEGIN
  INSERT INTO board_count (round, workflow, village, step, status, due_on, stale, in_conflict, n)
  VALUES (NEW.round, NEW.workflow, NEW.village, NEW.step, NEW.status, NEW.due_on, NEW.stale,
          NEW.conflicts > 0, 1)
  ON CONFLICT (round, workflow, village, step, status, due_on, stale, in_conflict) DO UPDATE SET n = n + 1;
END
"""
CASE_GONE: Final = """
CREATE TRIGGER case_line_gone AFTER DELETE ON case_line BEGIN
  UPDATE board_count SET n = n - 1
  WHERE round = OLD.round AND workflow = OLD.workflow AND village = OLD.village AND step = OLD.step
    AND status = OLD.status AND due_on = OLD.due_on AND stale = OLD.stale
    AND in_conflict = (OLD.conflicts > 0);
  DELETE FROM board_count
  WHERE round = OLD.round AND workflow = OLD.workflow AND village = OLD.village AND step = OLD.step
    AND status = OLD.status AND due_on = OLD.due_on AND stale = OLD.stale
    AND in_conflict = (OLD.conflicts > 0) AND n <= 0;
END
"""
HOUSEHOLD_ADDED: Final = """
CREATE TRIGGER household_line_added AFTER INSERT ON household_line BEGIN
  INSERT INTO village_count (village, status, households, persons)
  VALUES (NEW.village, NEW.status, 1, NEW.size)
  ON CONFLICT (village, status)
  DO UPDATE SET households = households + 1, persons = persons + NEW.size;
END
"""
HOUSEHOLD_GONE: Final = """
CREATE TRIGGER household_line_gone AFTER DELETE ON household_line BEGIN
  UPDATE village_count SET households = households - 1, persons = persons - OLD.size
  WHERE village = OLD.village AND status = OLD.status;
  DELETE FROM village_count
  WHERE village = OLD.village AND status = OLD.status AND households <= 0;
END
"""
