# The classes of `dis`: their instances are Python's named tuples; what they show is worked out natively.
import collections
import io


class _Unknown:
    def __repr__(self):
        return "<unknown>"


UNKNOWN = _Unknown()

Positions = collections.namedtuple(
    "Positions", "lineno end_lineno col_offset end_col_offset", defaults=(None, None, None, None)
)
_Instruction = collections.namedtuple(
    "_Instruction",
    "opname opcode arg argval argrepr offset starts_line is_jump_target positions",
    defaults=(None,),
)
_ExceptionTableEntry = collections.namedtuple("_ExceptionTableEntry", "start end target depth lasti")


class Instruction(_Instruction):
    """One operation of the virtual machine, with its argument and its place.

    opname          the operation's name
    opcode          its number
    arg             its argument, None for an operation without one
    argval          what the argument stands for, where that is known
    argrepr         the same for people
    offset          where it is in the bytecode
    starts_line     the line that begins with it, if one does
    is_jump_target  whether a jump leads to it
    positions       a Positions, the source it was made from
    """

    def _disassemble(self, lineno_width=3, mark_as_current=False, offset_width=4):
        return _line(self, lineno_width, mark_as_current, offset_width)


class Bytecode:
    """The operations of something that has code: iterate over it, or ask for `dis()` or `info()`."""

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False):
        self.codeobj = _get_code_object(x)
        self._original_object = x
        self.first_line = self.codeobj.co_firstlineno if first_line is None else first_line
        self._line_offset = self.first_line - self.codeobj.co_firstlineno
        self._linestarts = dict(findlinestarts(self.codeobj))
        self.current_offset = current_offset
        self.exception_entries = _parse_exception_table(self.codeobj)
        self.show_caches = show_caches
        self.adaptive = adaptive

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        """The operations of the innermost frame of a traceback."""
        tb = _innermost(tb)
        code, offset = tb.tb_frame.f_code, tb.tb_lasti
        return cls(code, current_offset=offset, show_caches=show_caches, adaptive=adaptive)

    def __iter__(self):
        return iter(_instructions(self.codeobj, self._line_offset, self.show_caches, True))

    def __repr__(self):
        return f"{type(self).__name__}({self._original_object!r})"

    def info(self):
        """What `code_info` says about the code."""
        return code_info(self.codeobj)

    def dis(self):
        """The operations as text."""
        offset = -1 if self.current_offset is None else self.current_offset
        return _text(self.codeobj, offset, self._line_offset, self.show_caches)
