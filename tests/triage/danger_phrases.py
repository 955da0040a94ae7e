"""Sentences as people of the region type them: those that mean danger now, and those that do not."""

DANGER = """
муж меня бьет каждый день что делать
муж избил меня вчера при детях
сожитель душил меня
помогите мой муж пьяный и бьет меня
свекровь бьет и не выпускает из дома
боюсь идти домой он меня убьет
отец бьёт маму
muzh menya biet pomogite
брат избил мою жену
терплю побои уже год
эрим мени уруп жатат
күйөөм күндө сабайт
куйоом урат балдарым бар
эрим кол көтөрөт
эримден коркуп жатам
erim meni sabait
шавхарам маро мезанад
шавҳарам ҳар рӯз лату кӯб мекунад
хусурам маро зад
аз шавхарам метарсам
shavharam maro mezanad
erim meni uradi
erim har kuni kaltaklaydi
qaynonam meni urdi
erimdan qorqaman
эрим мени уряпти
turmush ortogim meni dopposladi
sotul ma bate
barbatul meu ma bate in fiecare seara
mă bate soțul și nu am unde să mă duc
concubinul m-a lovit
mi-e frica de barbatul meu
меня изнасиловали
начальник пристает ко мне на работе
хозяин заставляет спать с ним
бригадир домогается
мою подругу изнасиловал таксист
мени зордуктады
мени зордуктап кетишти
хозяин мени зордукташты
маро тачовуз кард
ба номусам таҷовуз карданд
meni zorladi
xojayin meni zo'rlamoqchi bo'ldi
нoмусимга тегди
m-au violat
am fost violata
seful ma hartuieste
хозяин забрал паспорт и не отдает
отобрали паспорта и заставляют работать
нас держат в подвале не выпускают
нас заперли на складе работаем без денег
меня держат насильно помогите
не можем уйти с фермы охрана с собаками
начальник не отпускает домой и паспорт у него
pasport zabrali ne otdayut
бригадир отнял документы
паспортумду хозяин алып койду бербейт
бизди камап койушту
паспортубузду кармап турат кетирбейт
мажбурлап иштетип жатат
хозяин паспортумду бербей жатат
хозяин паспорти маро гирифт намедихад
моро махкам карданд
маро рафтан намемонад шиносномаамро гирифт
бо зури кор мекунонанд
маҷбур кор кунонда истодаанд
xojayin pasportimni olib qoydi
pasportimni bermayapti nima qilay
bizni qamab qoyishdi
majburlab ishlatyapti pul bermaydi
qo'yib yubormayapti uyga
хужайин паспортимни бермаяпти
бизни камаб куйишди
seful mi-a luat pasaportul
ne tin inchisi si nu ne lasa sa plecam
patronul nu-mi da actele
nu ma lasa sa plec de aici
ma obliga sa lucrez fara bani
меня продали в бордель
нас продали другому хозяину
девушек заставляют заниматься проституцией
хотят продать меня на органы
мени сатып жиберишти
бизди кул кылып иштетет
маро фурухтанд
моро ба гуломи гирифтанд
meni sotib yuborishdi
qul qilib ishlatishyapti
m-au vandut la altii
suntem sclavi aici
m-au fortat sa ma prostituez
хочу умереть
не хочу больше жить
жить не хочется совсем
я покончу с собой
думаю о самоубийстве
повешусь сегодня
лучше бы умер чем так жить
ne hochu jit
өлгүм келип жатат
жашагым келбейт
өзүмдү өлтүрөм
olgum kelip jatat
мурдан мехохам
зиндаги кардан намехохам
худамро мекушам
olgim kelyapti
yashagim kelmayapti
o'zimni o'ldiraman
улгим келяпти
ozimni osaman
vreau sa mor
nu mai vreau sa traiesc
ma omor azi
ma gandesc la sinucidere
меня задержали в метро везут в отдел
полиция забрала моего брата
сижу в полиции не отпускают
мужа задержали и хотят депортировать
омон облава на стройке всех забирают
нас поймали менты
menya zaderzhali policiya
мени полиция кармап алды
инимди милиция алып кетти
полицияда отурам эмне кылам
маро полис дастгир кард
бародарамро пулис гирифт
дар отдел нишастаам
meni politsiya ushladi
akamni militsiya olib ketdi
otdelda o'tiribman
полиция мени ушлаб кетди
m-a luat politia
fratele meu e retinut
m-au arestat azi
полиция избила меня в отделе
менты бьют и требуют деньги
в отделении пытают током
полиция мени сабады
милиция уруп жатат
полис маро лату куб кард
пулис маро зад
politsiya meni urdi
menti kaltaklashdi
politia m-a batut
на нас напали с битами
меня избили скинхеды
на меня напали у метро помогите
ломают дверь хотят убить
за мной гонятся
бизге кол салышты
мени сабап кетишти
бычак менен кол салды
ба мо хучум карданд
моро мезананд
маро заданд дар куча
bizga hujum qilishdi
meni urishdi kochada
pichoq bilan keldi
ne-au atacat pe strada
m-au batut niste baieti
ne ataca cu cutitul
мне угрожают убийством
бригадир сказал что убьет если уйду
хозяин угрожает за долг
угрожают моей семье дома
мени өлтүрөм деп коркутуп жатат
олтуром деп жатат
маро мекушам мегуяд
тахдид мекунанд ба мо
meni o'ldiraman deyapti
qorqityapti o'ldirib ketaman deb
tahdid qilyapti xojayin
ma ameninta ca ma omoara
a spus ca ma omoara
друг упал с высоты без сознания
товарищ не дышит
у жены кровотечение беременная
жена рожает прямо в машине
сильно болит сердце задыхаюсь
отрезал палец на станке
ударило током на стройке
отравились метиловым спиртом
эсин жоготту эмне кылам
аялымдын толгоосу башталды
кан токтобой жатат
бийиктен кулап кетти
бехуш шуд чи кор кунам
занам дарди зоиш дорад
хунаш меравад намеистад
аз баландй афтид
hushidan ketdi
xotinim tugyapti
qon toxtamayapti
balanddan yiqildi
колегам ток урди
prietenul e inconstient
sotia naste acum
curge mult sange
a cazut de pe schela
nu poate respira
муж бьет ребенка
мой ребенок пропал
украли дочку
отчим насилует дочь
балам жоголуп кетти
кызымды алып качып кетишти
баламды уруп жатат
кудакам гум шуд
духтарамро дуздиданд
bolam yo'qoldi
qizimni ogirlab ketishdi
bolamni uradi
copilul meu a disparut
imi bate copilul
fetita a fost rapita
он опять поднял на меня руку, лицо в крови, сижу у соседки
муж грозится зарезать меня и детей если уйду
парень не отпускает домой, забрал телефон
бывший караулит возле подъезда с ножом
свёкор вчера руку мне сломал, боюсь остаться дома
живем на ферме, выходить нельзя, кто пробует сбежать тех ловят с собаками
документы у хозяйки, говорит отработаешь долг тогда отдам
привезли работать в магазин, денег не дают, спим на полу, дверь закрывают на ключ
меня заставляют спать с мужчинами, деньги забирают
начальник цеха зажал меня в раздевалке
таксист завез в лес и пристает
не хочу больше жить, всем будет легче без меня
думаю повеситься, долги замучили
режу себе руки
дочка 4 года потерялась на рынке
воспитатель бьёт ребенка
соседи издеваются над мальчиком
нас в отделе держат уже сутки без воды и не дают позвонить
полицейские подкинули наркотики и требуют деньги
меня везут в цвсиг завтра депортация
в отделе били током и мешок на голову надевали
жена рожает срочно что делать
у друга кровь из головы идет, упал с лесов
брат не приходит в себя, дышит тяжело
ребенок проглотил батарейку
обожгло лицо кипятком, кожа слезла
угорели в бытовке от печки, двое не просыпаются
за нами бегут человек десять с битами
на рынке режут наших
хозяин сказал закопает если пойду в полицию
звонят и говорят что убьют моих родных
кредитор угрожает отрезать палец
пожар в общежитии, второй этаж
күйөөм мас болуп алып сабап салды, көзүм көгөрүп кетти
жолдошум бычак алып чыкты
эрим үйдөн чыгарбай койду, телефонду тартып алды
кайнатам мага жабышып жатат
кожоюн паспортту бербейт, качып кетсең полицияга берем дейт
бизди фермада кармап атышат, сыртка чыгарбайт
акча төлөбөй кулдай иштетип жатат
мени башка бирөөгө сатып жибериптир
бригадир мага асылып жатат, коркуп турам
жашагым келбей калды, өлүп тынсам дейм
асылып өлсөмбү деп ойлоп жатам
кызым жоголуп кетти, базарда
баламды уруп коюшту, кан агып жатат
полиция кармап кетти, бөлүмдө отурабыз, эч нерсе айтпайт
мени милицияга алып келишти, кол койдуруп жатышат
полицияда сабашты, акча талап кылышты
досум эсин жоготуп жыгылды
аялым төрөп жатат, тез жардам керек
курулуштан кулап кетти, буту сынды, кан көп
апам дем ала албай жатат
газга ууланып калдык
бычакчан бирөө кубалап жүрөт
орустар топтошуп сабап кетишти
өлтүрөбүз деп коркутуп жатышат
карызым үчүн өлтүрөм деп жатат
үйүбүз күйүп жатат
шавҳарам маст омад ва маро мезанад, кӯдакон метарсанд
шӯям гулӯямро фишор дод
падаршӯям маро зад, дастам шикаст
шавҳарам маро аз хона баромадан намемонад
хӯҷаин паспортамро гирифт ва намедиҳад
моро дар склад қулф карданд
се моҳ боз музд намедиҳанд, рафтан ҳам намемонанд
маро ба дигар кас фурӯхтанд
маҷбур мекунанд бо мардҳо хоб кунам
сардор ба ман даст мезанад
маро таҷовуз карданд дар хобгоҳ
дигар зиндагӣ кардан намехоҳам
мехоҳам худро овезам
духтарчаам дар бозор гум шуд
писарамро мезананд дар мактаб
полис маро бурд ба отдел
дар отдел нишастаем, телефонро гирифтанд
милиса моро зад ва пул мепурсад
дӯстам беҳуш афтодааст
занам таваллуд карда истодааст
хуни зиёд рафт аз сараш
аз ошёнаи сеюм афтод
нафасаш гирифта истодааст
гурӯҳи одамон моро мезананд
бо корд паси ман мегардад
мегӯянд мекушем агар пул надиҳӣ
ба хонаводаам таҳдид мекунанд
хобгоҳ сӯхта истодааст
erim mast holda kelib meni do'pposladi
erim bo'ynimdan bo'g'di
qaynotam qo'limni sindirdi
erim tashqariga chiqarmaydi telefonni olib qo'ydi
xo'jayin pasportimizni olib qo'ygan ishdan ketsang bermayman deydi
bizni omborda qulflab ketishdi
oylik bermay majburlab ishlatyapti ketgani qo'ymayapti
meni boshqa odamga sotib yubordi
erkaklar bilan yotishga majburlashyapti
boshliq menga tegajaklik qilyapti
meni zo'rlab ketishdi
yashashni xohlamayman endi
o'zimni osmoqchiman
qizim bozorda yo'qolib qoldi
bolamni bog'chada urishibdi
politsiya olib ketdi bo'limda o'tiribmiz
militsiya meni urdi pul so'rayapti
do'stim hushsiz yotibdi
xotinim tug'yapti nima qilay
boshidan qon oqyapti to'xtamayapti
uchinchi qavatdan yiqilib tushdi
nafas ololmayapti bolam
bir to'da odam bizni urishyapti
pichoq bilan orqamdan yuribdi
pul bermasang o'ldiramiz deyishyapti
oilamga tahdid qilishyapti
yotoqxonada yong'in chiqdi
sotul vine beat si da in mine
barbatu ma strange de git si ma loveste
socrul mia rupt mina
nu ma lasa sa ies din casa mia luat telefonul
patronul tine buletinul la el si nu mil da
ne tin incuiati la ferma nu putem pleca
lucram fara bani ca sclavii ne pazesc cu ciini
mau vindut la alt patron
ma obliga sa stau cu barbati pentru bani
seful se da la mine si ma atinge
mau violat doi baieti
nu mai vreau sa traiesc
vreau sa ma spinzur
ma gindesc sa ma omor
copilul sa pierdut la piata
iau batut baiatul la scoala
politia ma dus la sectie stau de ieri
mau retinut si nu ma lasa sa sun
politistii mau batut si cer bani
fratele e fara constiinta
sotia naste acum ce fac
curge mult singe din cap
a cazut de la etajul trei
nu poate sa respire
ne bat vreo zece oameni
umbla dupa mine cu cutitu
zic ca ne omoara daca nu dam banii
imi ameninta familia
arde caminul
mama are atac
am mincat ciuperci si vomitam toti
neau atacat cu cutite
муж запер меня на балконе холодно
он сейчас пьяный ломает мебель я с ребенком под кроватью
сожитель приставил нож к горлу
мать мужа держит меня как прислугу, из дома не выйти
помогите девушка за стенкой кричит её бьют
нас вывезли в поле и бросили, телефон почти сел, мороз
охранники на складе избивают кто не выполнил норму
кладовщик не пускает домой пока долг не отработаю, паспорт порвал
забрали телефон, пишу с чужого, сидим под охраной
везут на фронт заставили подписать контракт
нас обманули, вместо кафе это притон, заставляют обслуживать мужчин
он сфотографировал меня голой и требует секс
отчим трогает мою дочь
меня опоили и сделали это втроем
сил нет, хочу уснуть и не проснуться
написал прощальную записку, таблетки лежат передо мной
подруга порезала вены
ребенка увез отец не знаю куда
сынишку ударила машина
малыш синеет и хрипит
нас забрали с рынка, в автобусе, телефоны отбирают
сижу в аэропорту в комнате вторые сутки не пускают никуда
друга полицейские избивали три часа теперь мочится кровью
беременная на 7 месяце сильное кровотечение
человек без памяти лежит на полу изо рта пена
завалило землей двоих в траншее
придавило плитой ноги не чувствует
ударило током, лежит
газом пахнет голова кружится всех тошнит
избивают на остановке нерусского
толпа у общежития кричит выходите
в нас стреляли из травмата
пишут что найдут и вырежут всю семью
бывший муж обещает облить кислотой
горит склад мы на крыше
эрим темир менен башыма чапты
күйөөм кызганып мени бычактап салмак болду
кайын энем тамак бербейт, эшикти сыртынан бекитет
агам мени күчкө салып күйөөгө берип жатат
мени машинанын багажына салып алып баратышат
билбейм кайда экенибизди, телефонду алып коюшту, эшикте күзөтчү бар
жумуштан кетем десек сабашат
аскерге барасың деп кагазга кол койдуруп атышат
өгөй атасы кызыма тийишип жатат
үчөө болуп мени кордошту
эртең мен жок болом, кечирип койгула
уктаган бойдон ойгонбой калсам дейм
баламды атасы алып качып кетти
кичинекей балам көгөрүп дем албай калды
бизди кармап баратышат, автобустабыз
полиция 3 саат сабады, сийдигим кан
боюмда бар, кан кетип жатат
досум жыгылып түштү, оозунан көбүк чыгып жатат
эки кишини топурак басып калды
ток уруп жыгылды
жатакананын алдына толпа чогулуп кыйкырып жатат
бизге карата атышты
үй-бүлөңдү кырабыз деп жазып жатышат
складдан түтүн чыгып жатат чыга албайбыз
шавҳарам сарамро ба девор зад
шавҳарам бо корд ба ман ҳамла кард
хушдоманам маро гурусна мемонад аз хона намебарояд
маро ба багажник андохта бурда истодаанд
дар ҷои ношинос ҳастем, телефонҳоро гирифтанд, посбон ҳаст
агар аз кор равем, моро мезананд
моро маҷбур мекунанд ба ҷанг равем, қарордод имзо кардем
падарандар ба духтарам даст мерасонад
се нафар маро беобрӯ карданд
пагоҳ ман нестам, маро бубахшед
хоб равам ва бедор нашавам мегӯям
бачаамро падараш гирифта гурехт
тифлам кабуд шуд ва нафас намекашад
моро гирифта бурда истодаанд, дар автобус ҳастем
полисҳо маро се соат заданд, пешобам хун аст
ман ҳомила, хунравӣ дорам
аз даҳонаш кафк меояд, афтод
ду нафар зери хок монданд
барқ зад, афтодааст
издиҳом назди хобгоҳ дод мезанад
ба мо тир андохтанд
менависанд ки хонаводаатро мекушем
аз анбор дуд мебарояд
erim boshimni devorga urdi
erim pichoq bilan tashlandi
qaynonam ovqat bermaydi, eshikni tashqaridan qulflaydi
meni bagajga solib olib ketishyapti
notanish joydamiz, telefonlarni yig'ib olishdi, eshikda qo'riqchi
ishdan ketaman desak urishadi
urushga bor deb majburlab shartnoma qo'ydirishdi
o'gay otasi qizimga tegajog'lik qilyapti
uch kishi meni xo'rlashdi
ertaga men yo'qman, kechiringlar
uxlab uyg'onmasam deyman
bolamni otasi olib qochdi
chaqaloq ko'karib nafas olmay qoldi
bizni olib ketishyapti avtobusdamiz
politsiya uch soat urdi, siydigim qon
homiladorman qon ketyapti
og'zidan ko'pik chiqyapti, yiqildi
ikki kishini tuproq bosib qoldi
tok urdi yotibdi
yotoqxona oldida olomon baqiryapti
bizga o'q otishdi
oilangni so'yamiz deb yozishyapti
ombordan tutun chiqyapti
barbatul ma dat cu capul de perete
sotul a venit cu cutitul la mine
soacra nu ma lasa afara si nu mi da de mincare
ne-au bagat in portbagaj si ne duc undeva
ne-au luat telefoanele la usa sta paza
daca vrem sa plecam ne bat
ne-au silit sa semnam contract pentru razboi
tatal vitreg o atinge pe fetita mea
trei insi si au batut joc de mine
mine nu mai sunt, iertati ma
vreau sa adorm si sa nu ma mai trezesc
mi a furat sotul copilul si a fugit
bebelusul sa facut vinat si nu respira
ne duc cu autobusul ne iau telefoanele
politia ma batut trei ore urinez singe
sunt insarcinata si am hemoragie
ii iese spuma din gura a cazut
doi oameni sunt sub pamint a cazut malul
la curentat zace jos
sa adunat multime linga camin striga
au tras in noi
scriu ca ne taie familia
iese fum din depozit nu putem iesi
ma bate barbatu de azi noapte, sunt vinata toata
ma fugareste unu cu toporul
copiii is incuiati in casa si arde
imi pun mina pe git si zic ca ma omoara
e beat si sparge totul prin casa mie frica
nu mai am putere sa traiesc ma gindesc sa sar de pe bloc
seful ne tine pasapoartele ca sa nu fugim
ne ameninta cu pistolul
e un om in fata usii cu cutitul
fata mea de 5 ani a disparut din parc
am nevoie de ambulanta mama nu misca
sotia pierde singe e insarcinata
ma tin la politie si ma bat
mau luat de la lucru nu stiu unde ma duc
ajutor sotul ma omoara in bataie
ma bate la singe
e cu cutitul la gitul meu
nu pot iesi din casa ma incuiat
stam incuiati in baraca ne da mincare o data pe zi
ma obliga la sex
a vrut sa ma violeze
a incercat sa ma violeze soferul
baiatul meu nu i acasa de ieri
are febra 40 copilul face convulsii
ma doare inima tare
am durere mare in piept
sotia are contractii
ia venit rau tatei nu raspunde
a luat foc baraca
sunt la politie au spus ca ma deporteaza azi
mau prins la metro si ma duc la sectie
mascatii au venit la hostel
un grup ma urmareste pe strada
au sarit pe mine trei insi
mau injunghiat
mau taiat cu cutitul
vor sa ma omoare
zice ca ma ingroapa in padure
vreau sa termin cu viata
nu mai are rost sa traiesc
mam taiat la vene
a baut clor
nas aici daca nu plateste zic ca ii taie degetul
maltrateaza copilul vecinii
prietenul meu ma inchis in camera
sunt tinuta intr un apartament nu pot iesi
ne pune sa cersim si ne ia toti banii
mi au luat telefonul scriu pe ascuns
seful vrea sa dorm cu el altfel nu plateste
iubitul ma ameninta cu poze
vine spre mine cu toporul
ii curge singe din cap nu se opreste
nu mai misca dupa ce a cazut
aud impuscaturi
шавҳарам маро аз мӯям кашид ва зад
маро аз хона берун намекунад
мехоҳад маро куштан
дари хонаро қулф карда рафт
хӯҷаин моро мезанад агар кор накунем
паспортҳо дар дасташ, гурехта наметавонем
телефонамро гирифтанд, пинҳонӣ менависам
маро ба зӯр ба дигар шаҳр бурданд
сардор гуфт бо ман хоб кун
хост маро таҷовуз кунад
аз ҷон сер шудам
рагамро буридам
дору хӯрдам бисёр
кӯдакам тоб дорад 40 дараҷа ва ларзиш
модарам аз ҳуш рафт
дилам сахт дард дорад
хунаш қатъ намешавад
хонаамон оташ гирифт
дар милисахона нишастам
моро доштанд дар метро
рейд омад ба хобгоҳ
се кас маро зада рафтанд
маро бо корд заданд
гуфт туро гӯр мекунам
духтарам аз дирӯз ба хона наомадааст
erim sochimdan sudrab urdi
uydan chiqarmayapti eshikni qulflab ketgan
o'ldirmoqchi meni yordam bering
ishlamasak urishadi ovqat ham bermaydi
pasportlar xo'jayinda qochib ketolmaymiz
telefonimni olib qo'ydi yashirincha yozyapman
meni majburan boshqa shaharga olib ketishdi
boshliq men bilan yotasan deyapti
zo'rlashga harakat qildi
jonimdan to'ydim
tomirimni kesdim
ko'p dori ichib qo'ydim
bolam isitmasi 40 titrayapti
onam hushidan ketdi
yuragim qattiq og'riyapti nafas yetmayapti
qon to'xtamayapti
uyimizga o't tushdi
militsiyaxonada o'tiribman
metroda ushlashdi
yotoqxonaga omon keldi
uch kishi meni urib ketdi
menga pichoq sanchishdi
seni ko'mib tashlayman dedi
qizim kechadan beri uyga kelmadi
эрим чачымдан сүйрөп урду
үйдөн чыгарбайт эшикти кулпулап кетти
мени өлтүрөйүн деп жатат
иштебесек сабашат
телефонумду алып койду жашырып жазып жатам
мени зордоп башка шаарга алып кетишти
начальник мени менен жатасың дейт
зордуктоого аракет кылды
жанымдан тойдум
тамырымды кестим
көп дары ичип алдым
баламдын ысытмасы 40 калтырап жатат
апам эсинен танып калды
жүрөгүм катуу ооруп дем жетпей жатат
кан токтобой жатат
үйгө өрт түштү
метродон кармашты
үч киши сабап кетти
мага бычак сайышты
сени көмүп салам деди
кызым кечээден бери үйгө келген жок
""".strip().splitlines()

HARMLESS = """
сколько стоит патент в москве
как получить патент
потерял паспорт что делать
где поменять паспорт
нужен ли загранпаспорт
задержали зарплату на два месяца
рейс задержали на три часа
задержали аванс когда заплатят
не платят зарплату
хозяин не платит
меня уволили без причины
как подать жалобу на работодателя
сколько дней можно быть в россии
как оформить регистрацию
закончилась регистрация что делать
можно ли работать без патента
мой патент просрочен
где сдать экзамен по русскому
жена беременна где встать на учет
сколько стоят роды
запись в школу для ребенка
ребенку нужен полис
дети пойдут в садик
ребенок родился в россии какие документы
отец ребенка гражданин россии
муж гражданин россии как получить рвп
муж работает в москве
мужа депортировали два года назад
брат хочет приехать на работу
моя дочь учится в школе
как вызвать врача
где купить полис дмс
болит зуб куда идти
где сдать кровь на вич
у меня температура
бьет ключом жизнь
умираю от смеха
убил время в очереди
умираю от скуки
до смерти устал
какое наказание за побои статья
что будет за убийство по закону
какая статья за изнасилование
что такое торговля людьми
что грозит за рабство по закону
смотрел фильм про рабство
в новостях писали про нападение
читал книгу про самоубийство
десять лет назад меня избили
в детстве отец бил меня
муж бил меня пять лет назад давно развелись
муж не бьет меня все хорошо
меня не били в полиции
телефон умер как зарядить
ключи заперли в машине
сын играет бьет мяч
ударил мороз минус тридцать
курс рубля бьет рекорды
сердце бьется быстро
банк заблокировал карту
как отправить деньги домой
купить симкарту без паспорта
паспорт готов когда забрать
получил паспорт вчера
сделать перевод паспорта
документы приняли на патент
работаю на стройке
ищу работу
где найти жилье
хозяйка сдает квартиру
сколько платить за патент
как проверить запрет на въезд
полиция проверила документы и отпустила
как звонить в полицию
участковый приходил на проверку
что делать если остановила полиция
привет как дела
спасибо большое
до свидания
патент канча турат
айлык качан берилет
айлыгымды бербей жатат
каттоодон кантип өтөм
паспортум жоголду
паспортту кантип алмаштырам
жумуш издеп жүрөм
балам мектепке барат
балдарды бакчага кантип берем
аялымдын кош бойлуу
кайда врачка барсам болот
экзамен кайда тапшырам
акча которуу кандай
салам кандайсыз
рахмат сизге
эрим жумушта
эрим россияда иштейт
күлкүдөн өлүп кала жаздадым
шаршап өлдүм чарчап өлүп баратам
уктап өлүп калам
патент чанд пул
маошро кай медиханд
маоши маро намедиханд
бакайдгири чи хел
шиносномаам гум шуд
кор мекобам
писарам ба мактаб меравад
кудак барои богча
занам хомила аст
имтихон дар кучо
пул фиристодан
салом чи хел шумо
рахмат
ба модарам занг задам
бо оператор гап задан мехоҳам
шавҳарам дар москва кор мекунад
аз ханда мурдам
patent qancha turadi
oyligimni bermayapti
oylik qachon beriladi
royxatdan otish qanday
pasportim yoqoldi
pasportni qayerda almashtiraman
ish qidiryapman
bolam maktabga boradi
bolalar bogchasi
xotinim homilador
imtihon qayerda
pul jonatish
salom qalaysiz
rahmat
onamga qo'ng'iroq qildim
erim moskvada ishlaydi
kulgidan o'ldim
charchab o'ldim
юрагим уради
патент неча пул
паспортимни йўқотдим
ойлик бермаяпти
cat costa patenta
nu mi-au platit salariul
cum fac inregistrarea
am pierdut pasaportul
unde schimb pasaportul
caut de lucru
copilul merge la scoala
sotia e insarcinata
unde dau examenul
cum trimit bani acasa
buna ziua
multumesc
bate vantul tare
mor de foame
mor de ras
sotul lucreaza la moscova
ce pedeapsa este pentru viol conform legii
am vazut un film despre sclavie
acum 10 ani m-a batut cineva
cat timp pot sta in rusia
cum aflu daca am interdictie
dor de casa
unde gasesc un medic
ma doare un dinte
работа в такси условия
можно ли привезти жену и детей
как получить гражданство
потеряли мою трудовую книжку
пропал чек об оплате патента
потерял миграционную карту
кто заплатит за билет домой
умер дядя как отправить тело домой
покойника домой везти сколько стоит
пенсия после возвращения
как работать по патенту легально
был в россии 70 дней уехал на неделю сколько мне еще можно
у меня был патент в прошлом году
муж был на работе когда пришла проверка
grajdanstvo olmoqchiman
patentni olsam boladimi
pul yubordim qaytarib olsam boladimi
rvp olishni xohlayman
registratsiyam tugayapti qanday uzaytiraman
барномаи ruid чист, бе он ба тайёра намегузоранд?
чаро аз маоши ман си фоиз нигоҳ медоранд
паспорти руси гирифтам дар военкомат чи мекунанд
dupa ce iau pasaport rusesc ma cheama la armata?
soțul e închis la centru de străini, când îl lasă
imi taie din salariu in fiecare luna e legal?
в 2015 году меня на рынке побили, сейчас хочу знать будет ли это в базе
2014 yilda bozorda meni urishgan edi, hozir hammasi yaxshi
в 2019 палец отрезало станком, положена ли выплата
""".strip().splitlines()
