{% macro half_width(text) -%}
    {#- as many bytes as characters: nothing is wide, and translate is by far the dearest step -#}
    case
        when strlen({{ text }}) = length({{ text }}) then {{ text }}
        else translate(
            {{ text }},
            '　！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～',
            ' !"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~'
        )
    end
{%- endmacro %}
