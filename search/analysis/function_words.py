"""Words that carry grammar, not content. A query leaves them out, unless they stand in quotes or alone."""

FUNCTION_WORDS = frozenset(
    """
    ab aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf
    aus bei beim bin bis bist da dabei dadurch dafür dagegen daher damit danach dann daran darauf daraus darf
    darüber darum das dass dasselbe davon davor dazu dein deine deinem deinen deiner dem den denen denn der
    deren derselbe des deshalb dessen dich die dies diese dieselbe diesem diesen dieser dieses dir doch dort du
    durch dürfen ein eine einem einen einer eines einige einigen einiger einiges er es etwa etwas euch eure für
    gegen gibt geht gewesen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem
    ihren ihrer ihres im immer in indem ins ist ja jede jedem jeden jeder jedes jene jenem jenen jener jenes
    jetzt kann kannst kein keine keinem keinen keiner können könnte machen macht man manche manchem manchen
    mancher manches mehr mein meine meinem meinen meiner mich mir mit muss müssen nach nachdem nicht nichts noch
    nun nur ob oder ohne sehr sein seine seinem seinen seiner seines seit selbst sich sie sind so solche solchem
    solchen solcher solches soll sollen sollte sollten sondern sowie statt über um und uns unser unsere unserem
    unseren unserer unter viel viele vielen vom von vor während war waren warum was wegen weil welche welchem
    welchen welcher welches wenn wer werde werden wem wen wie wieder will wir wird wirst wo wobei wodurch wofür
    woher wohin womit wollen worauf würden zu zum zur zwar zwischen fuer ueber waehrend muessen koennen
    duerfen wuerden koennte dafuer darueber wofuer paragraf paragraph abs bitte etc usw bzw ggf zb darfst
    dürft tun tut getan lange bekomme bekommen brauche brauchen braucht gibts wann eigentlich richtig gern gerne
    lassen lässt beste besten besser funktioniert klappt mithilfe laut je jemand niemand passiert
    """.split()
)
