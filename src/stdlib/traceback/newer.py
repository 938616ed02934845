# What 3.11's `traceback` has beyond the library's: columns and the marks made of them, groups, notes.
# Runs in the namespace of the library's module, whose other functions stay.
import collections.abc as _abc
import linecache as _linecache
import sys as _sys

_RULE = "+------------------------------------\n"
_BAR = "+---------------- {} ----------------\n"
_MANY = 3


def _shown(value, what, by=str):
    try:
        return by(value)
    except:
        return f"<{what} {by.__name__}() failed>"


_safe_string = _shown


class FrameSummary:
    """A place in a traceback: file, line, name, the text there, and the columns if they are known."""

    __slots__ = ("filename", "lineno", "end_lineno", "colno", "end_colno", "name", "_line", "locals")

    def __init__(self, filename, lineno, name, *, lookup_line=True, locals=None, line=None,
                 end_lineno=None, colno=None, end_colno=None):
        self.filename, self.lineno, self.name = filename, lineno, name
        self.end_lineno, self.colno, self.end_colno = end_lineno, colno, end_colno
        self._line = line
        if lookup_line:
            self.line
        self.locals = {key: repr(value) for key, value in locals.items()} if locals else None

    @property
    def line(self):
        if self._line is None:
            if self.lineno is None:
                return None
            self._line = _linecache.getline(self.filename, self.lineno)
        return self._line.strip()

    @property
    def _original_line(self):
        self.line
        return self._line

    def _four(self):
        return self.filename, self.lineno, self.name, self.line

    def __eq__(self, other):
        if isinstance(other, FrameSummary):
            mine = self.filename, self.lineno, self.name, self.locals
            return mine == (other.filename, other.lineno, other.name, other.locals)
        return self._four() == other if isinstance(other, tuple) else NotImplemented

    def __getitem__(self, pos):
        return self._four()[pos]

    def __iter__(self):
        return iter(self._four())

    def __len__(self):
        return 4

    def __repr__(self):
        return f"<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>"


def walk_stack(f):
    """Frames and their lines from a frame, or the caller's, outwards."""
    if f is None:
        f = _sys._getframe(4) if _depth() > 4 else None
    while f is not None:
        yield f, f.f_lineno
        f = f.f_back


def _depth():
    count, frame = -1, _sys._getframe()
    while frame is not None:
        count, frame = count + 1, frame.f_back
    return count


def _places(tb):
    while tb is not None:
        yield tb.tb_frame, _position(tb)
        tb = tb.tb_next


def _position(tb):
    line, *columns = _place_of(tb.tb_frame.f_code, tb.tb_lasti)
    return (tb.tb_lineno if line is None else line, *columns)


class StackSummary(list):
    """Places of a stack or a traceback, in order."""

    @classmethod
    def extract(klass, frame_gen, *, limit=None, lookup_lines=True, capture_locals=False):
        """Summarises pairs of frame and line."""
        places = ((frame, (line, None, None, None)) for frame, line in frame_gen)
        return klass._extract_from_extended_frame_gen(
            places, limit=limit, lookup_lines=lookup_lines, capture_locals=capture_locals)

    @classmethod
    def _extract_from_extended_frame_gen(klass, frame_gen, *, limit=None, lookup_lines=True,
                                         capture_locals=False):
        if limit is None:
            limit = getattr(_sys, "tracebacklimit", None)
            if limit is not None:
                limit = max(limit, 0)
        places = list(frame_gen) if limit is None or limit < 0 else [
            place for place, _ in zip(frame_gen, range(limit))]
        if limit is not None and limit < 0:
            places = places[limit:]
        stack, files = klass(), set()
        for frame, (line, end_line, column, end_column) in places:
            name = frame.f_code.co_filename
            files.add(name)
            _linecache.lazycache(name, frame.f_globals)
            stack.append(FrameSummary(
                name, line, frame.f_code.co_name, lookup_line=False,
                locals=frame.f_locals if capture_locals else None,
                end_lineno=end_line, colno=column, end_colno=end_column))
        for name in files:
            _linecache.checkcache(name)
        if lookup_lines:
            for summary in stack:
                summary.line
        return stack

    @classmethod
    def from_list(klass, a_list):
        """Makes a summary of FrameSummary objects or of tuples of four."""
        stack = StackSummary()
        for entry in a_list:
            if not isinstance(entry, FrameSummary):
                filename, lineno, name, line = entry
                entry = FrameSummary(filename, lineno, name, line=line)
            stack.append(entry)
        return stack

    def format_frame_summary(self, frame_summary):
        """The text of one place, which may be several lines; None leaves it out."""
        at = frame_summary
        text = f'  File "{at.filename}", line {at.lineno}, in {at.name}\n'
        if at.line:
            text += f"    {at.line.strip()}\n"
            if at.colno is not None and at.end_colno is not None:
                marks = _marks(at._original_line, at.colno, at.end_colno, at.lineno == at.end_lineno)
                if marks is not None:
                    text += marks + "\n"
        for name, value in sorted((at.locals or {}).items()):
            text += f"    {name} = {value}\n"
        return text

    def format(self):
        """The places as texts; of many equal ones in a row, a few and how many more."""
        texts, last, count = [], None, 0

        def rest():
            more = count - _MANY
            if more > 0:
                texts.append(f"  [Previous line repeated {more} more time{'s' if more > 1 else ''}]\n")

        for at in self:
            text = self.format_frame_summary(at)
            if text is None:
                continue
            key = at.filename, at.lineno, at.name
            if key != last or None in key:
                rest()
                last, count = key, 0
            count += 1
            if count <= _MANY:
                texts.append(text)
        rest()
        return texts


class _Frame:
    """How deep in groups the text stands."""

    def __init__(self):
        self.depth = 0
        self.open = False

    def indent(self):
        return "  " * self.depth

    def emit(self, texts, margin="|"):
        prefix = self.indent() + (margin + " " if self.depth else "")
        for text in [texts] if isinstance(texts, str) else texts:
            yield "".join(prefix + line for line in text.splitlines(True))


class TracebackException:
    """What is shown of an exception, taken from it when this is made: nothing of it is kept alive."""

    def __init__(self, exc_type, exc_value, exc_traceback, *, limit=None, lookup_lines=True,
                 capture_locals=False, compact=False, max_group_width=15, max_group_depth=10, _seen=None):
        self.max_group_width, self.max_group_depth = max_group_width, max_group_depth
        self.stack = StackSummary._extract_from_extended_frame_gen(
            _places(exc_traceback), limit=limit, lookup_lines=lookup_lines, capture_locals=capture_locals)
        self.exc_type = exc_type
        self._str = _shown(exc_value, "exception")
        self.__notes__ = getattr(exc_value, "__notes__", None)
        if exc_type and issubclass(exc_type, SyntaxError):
            def number(value):
                return None if value is None else str(value)

            self.filename, self.text, self.msg = exc_value.filename, exc_value.text, exc_value.msg
            self.lineno, self.end_lineno = number(exc_value.lineno), number(exc_value.end_lineno)
            self.offset, self.end_offset = exc_value.offset, exc_value.end_offset
        self.__suppress_context__ = False if exc_value is None else exc_value.__suppress_context__
        if _seen is not None:
            _seen.add(id(exc_value))
            return
        # The others that belong to it, without recursion: chains may be long.
        seen = {id(exc_value)}
        options = dict(limit=limit, lookup_lines=lookup_lines, capture_locals=capture_locals,
                       max_group_width=max_group_width, max_group_depth=max_group_depth, _seen=seen)

        def made(exc):
            return TracebackException(type(exc), exc, exc.__traceback__, **options)

        def new(exc):
            return made(exc) if exc is not None and id(exc) not in seen else None

        todo = [(self, exc_value)]
        while todo:
            shown, exc = todo.pop()
            shown.__cause__ = shown.__context__ = shown.exceptions = None
            if not exc:
                continue
            shown.__cause__ = new(exc.__cause__)
            if not compact or (shown.__cause__ is None and not exc.__suppress_context__):
                shown.__context__ = new(exc.__context__)
            if isinstance(exc, BaseExceptionGroup):
                shown.exceptions = [made(member) for member in exc.exceptions]
            if shown.__cause__:
                todo.append((shown.__cause__, exc.__cause__))
            if shown.__context__:
                todo.append((shown.__context__, exc.__context__))
            if shown.exceptions:
                todo.extend(zip(shown.exceptions, exc.exceptions))

    @classmethod
    def from_exception(cls, exc, *args, **kwargs):
        """Takes what is shown from an exception."""
        return cls(type(exc), exc, exc.__traceback__, *args, **kwargs)

    def _load_lines(self):
        for at in self.stack:
            at.line

    def __eq__(self, other):
        return self.__dict__ == other.__dict__ if isinstance(other, TracebackException) else NotImplemented

    def __str__(self):
        return self._str

    def format_exception_only(self):
        """The lines that name the exception, a SyntaxError's place before and notes after."""
        if self.exc_type is None:
            yield _last_line(None, self._str)
            return
        name, module = self.exc_type.__qualname__, self.exc_type.__module__
        if module not in ("__main__", "builtins"):
            name = f"{module if isinstance(module, str) else '<unknown>'}.{name}"
        if issubclass(self.exc_type, SyntaxError):
            yield from self._format_syntax_error(name)
        else:
            yield _last_line(name, self._str)
        notes = self.__notes__
        if isinstance(notes, _abc.Sequence):
            for note in notes:
                yield from (line + "\n" for line in _shown(note, "note").split("\n"))
        elif notes is not None:
            yield _shown(notes, "__notes__", repr)

    def _format_syntax_error(self, name):
        where = ""
        if self.lineno is not None:
            yield f'  File "{self.filename or "<string>"}", line {self.lineno}\n'
        elif self.filename is not None:
            where = f" ({self.filename})"
        if self.text is not None:
            whole = self.text.rstrip("\n")
            text = whole.lstrip(" \n\f")
            cut = len(whole) - len(text)
            yield f"    {text}\n"
            if self.offset is not None:
                start, end = self.offset, self.end_offset
                if end in {None, 0}:
                    end = start
                if end == start or end == -1:
                    end = start + 1
                start, end = start - 1 - cut, end - 1 - cut
                if start >= 0:
                    space = "".join(c if c.isspace() else " " for c in text[:start])
                    yield f"    {space}{'^' * (end - start)}\n"
        yield f"{name}: {self.msg or '<no detail available>'}{where}\n"

    def _linked(self):
        if self.__cause__ is not None:
            return _cause_message, self.__cause__
        if self.__context__ is not None and not self.__suppress_context__:
            return _context_message, self.__context__
        return None, None

    def format(self, *, chain=True, _ctx=None):
        """The texts of the exception and, with `chain`, of those it came from, which go first."""
        ctx = _ctx or _Frame()
        rows, exc = [], self
        while exc is not None:
            message, linked = exc._linked() if chain else (None, None)
            rows.append((message, exc))
            exc = linked
        for message, exc in reversed(rows):
            if message is not None:
                yield from ctx.emit(message)
            if exc.exceptions is None:
                if exc.stack:
                    yield from ctx.emit("Traceback (most recent call last):\n")
                    yield from ctx.emit(exc.stack.format())
                yield from ctx.emit(exc.format_exception_only())
            elif ctx.depth > self.max_group_depth:
                yield from ctx.emit(f"... (max_group_depth is {self.max_group_depth})\n")
            else:
                yield from self._format_group(exc, chain, ctx)

    def _format_group(self, exc, chain, ctx):
        outermost = ctx.depth == 0
        ctx.depth += outermost
        if exc.stack:
            header = "Exception Group Traceback (most recent call last):\n"
            yield from ctx.emit(header, "+" if outermost else "|")
            yield from ctx.emit(exc.stack.format())
        yield from ctx.emit(exc.format_exception_only())
        total, width = len(exc.exceptions), self.max_group_width
        count = min(total, width + 1)
        ctx.open = False
        for index in range(count):
            is_last, is_rest = index == count - 1, index >= width
            # A group inside closes the frame for us.
            ctx.open = ctx.open or is_last
            title = "..." if is_rest else index + 1
            yield ctx.indent() + ("  " if index else "+-") + _BAR.format(title)
            ctx.depth += 1
            if is_rest:
                more = total - width
                yield from ctx.emit(f"and {more} more exception{'s' if more > 1 else ''}\n")
            else:
                yield from exc.exceptions[index].format(chain=chain, _ctx=ctx)
            if is_last and ctx.open:
                yield ctx.indent() + _RULE
                ctx.open = False
            ctx.depth -= 1
        if outermost:
            ctx.depth = 0

    def print(self, *, file=None, chain=True):
        """Prints what format() gives, on standard error by default."""
        for text in self.format(chain=chain):
            print(text, file=_sys.stderr if file is None else file, end="")


def _last_line(name, text):
    return f"{name}: {text}\n" if text else f"{name}\n"


def _format_final_exc_line(etype, value):
    return _last_line(etype, None if value is None else _shown(value, "exception"))


def _value_and_traceback(exc, value, tb):
    if (value is _sentinel) != (tb is _sentinel):
        raise ValueError("Both or neither of value and tb must be given")
    if value is not _sentinel:
        return value, tb
    if exc is None:
        return None, None
    if isinstance(exc, BaseException):
        return exc, exc.__traceback__
    raise TypeError(f"Exception expected for value, {type(exc).__name__} found")


_parse_value_tb = _value_and_traceback


def print_exception(exc, /, value=_sentinel, tb=_sentinel, limit=None, file=None, chain=True):
    """Prints an exception with its traceback and what it came from."""
    value, tb = _value_and_traceback(exc, value, tb)
    TracebackException(type(value), value, tb, limit=limit, compact=True).print(file=file, chain=chain)


def format_exception(exc, /, value=_sentinel, tb=_sentinel, limit=None, chain=True):
    """What print_exception() prints, as a list of texts."""
    value, tb = _value_and_traceback(exc, value, tb)
    return list(TracebackException(type(value), value, tb, limit=limit, compact=True).format(chain=chain))


def format_exception_only(exc, /, value=_sentinel):
    """The lines that name an exception, as a list."""
    value = exc if value is _sentinel else value
    return list(TracebackException(type(value), value, None, compact=True).format_exception_only())


def extract_tb(tb, limit=None):
    """The places of a traceback."""
    return StackSummary._extract_from_extended_frame_gen(_places(tb), limit=limit)
