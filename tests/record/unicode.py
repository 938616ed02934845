"""Records src/objects/str/unicode14.bin from CPython 3.11: python3.11 tests/record/unicode.py FILE"""
import unicodedata, struct, sys
assert unicodedata.unidata_version == '14.0.0'
A,DEC,DIG,NUM,LOW,UP,TIT,PRI,SPA,XS,XC,IGN,CASED,ALNUM=[1<<i for i in range(14)]
recs={}; order=[]; specials=[]; spidx={}
def mapv(c, s):
    if len(s)==1: return ord(s)-c
    if s not in spidx: spidx[s]=len(specials); specials.append(s)
    return 0x200000+spidx[s]
ids=[]
for c in range(0x110000):
    ch=chr(c); f=0
    if ch.isalpha(): f|=A
    if ch.isdecimal(): f|=DEC
    if ch.isdigit(): f|=DIG
    if ch.isnumeric(): f|=NUM
    if ch.isprintable(): f|=PRI
    if ch.isspace(): f|=SPA
    if ch.isidentifier(): f|=XS
    if ('a'+ch).isidentifier(): f|=XC
    if ch.islower(): f|=LOW
    cat=unicodedata.category(ch)
    if ch.isupper(): f|=UP
    if ch.istitle() and not ch.isupper(): f|=TIT
    sig=lambda s:(s+'\u03a3').lower().endswith('\u03c2')
    if sig('A'+ch) and not sig('1'+ch): f|=IGN
    if (ch+'a').title()[-1]=='a': f|=CASED
    d=unicodedata.digit(ch,255); de=unicodedata.decimal(ch,255)
    r=(f,mapv(c,ch.upper()),mapv(c,ch.lower()),mapv(c,ch.title()),mapv(c,ch.casefold()),de,d)
    if r not in recs: recs[r]=len(order); order.append(r)
    ids.append(recs[r])
SH=7; n=1<<SH
blocks={}; blist=[]; idx=[]
for b in range(0,0x110000,n):
    t=tuple(ids[b:b+n])
    if t not in blocks: blocks[t]=len(blist); blist.append(t)
    idx.append(blocks[t])
print(len(order),len(specials),len(blist), file=sys.stderr)
out=bytearray()
sp=bytearray()
for s in specials:
    sp+=struct.pack('<I3I',len(s),*([ord(x) for x in s]+[0]*(3-len(s))))
out+=struct.pack('<4I',len(order),len(specials),len(idx),len(blist))
for r in order: out+=struct.pack('<HBBiiii',r[0],r[5],r[6],*r[1:5])
out+=sp
for i in idx: out+=struct.pack('<H',i)
for b in blist: out+=struct.pack('<%dH'%n,*b)
open(sys.argv[1],'wb').write(out)
print(len(out), file=sys.stderr)
