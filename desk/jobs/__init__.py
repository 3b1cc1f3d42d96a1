"""Work that takes longer than a page may: queued by a page, done by the worker, watched on /viec/."""
