#: graph --at end c1
#: graph --at end box --depth 1
#: graph --at end c1 --json
#: graph --at end c1 -o nothing.png
#: graph --at end nope
#: why --at end box[1][0]
class ClassA:
    pass


c1 = ClassA()
c2 = ClassA()
c1.t = c2
c2.t = c1
c1.name = 'first'
c1.__dict__
box = [c1, (c2, 'text'), {'k': c1}]
holder = {c2}
