// The page's own captions. They have nothing to do with the language the bot speaks.
const WORDS = {
  en: {
    title: "Local Telegram", subtitle: "nothing leaves this computer", phone: "Phone", desk: "Operators", theme: "Light or dark",
    trouble: "Trouble on the line", live: "live", lost: "connection lost, trying again", general: "General",
    message: "Message", reply: "Reply", replyTo: "Reply to", edit: "Edit", editing: "Editing", remove: "Delete",
    react: "React", cancel: "Cancel", send: "Send", attach: "Attach", commands: "Commands",
    photo: "Photo", file: "File", voice: "Voice message", video_note: "Round video", video: "Video", location: "Location",
    contact: "Contact", myContact: "My contact", album: "Album of three", sticker: "Sticker", upload: "From this computer…", sample: "Sample photo",
    bot: "bot", typing: "typing…", block: "Block the bot", unblock: "Unblock the bot", blocked: "You blocked this bot",
    restart: "Unblock and start", start: "Start", started: "What can this bot do?", gone: "This account is gone",
    deleted: "message deleted", edited: "edited", forwarded: "Forwarded from", as: "You are",
    closeTopic: "Close topic", reopenTopic: "Reopen topic", deleteTopic: "Delete topic", openTopic: "New topic",
    closed: "closed", noTopics: "No topics yet. A case opens one.", quiet: "Nothing here yet.", back: "Back",
    topicName: "Name of the topic", document: "Document", download: "Download", map: "Place on the map",
    dropped: "Answers get lost (3)", refused: "Errors 502 (3)", limited: "Too many requests (3)", slow: "Slow answers (3)",
    clear: "All well again", noInline: "nothing found", poll: "Poll",
    forum_topic_created: "opened the topic", forum_topic_edited: "renamed the topic to", forum_topic_closed: "closed the topic",
    forum_topic_reopened: "reopened the topic", pinned_message: "pinned a message", new_chat_members: "joined",
    left_chat_member: "left", migrate_to_chat_id: "moved the group to a supergroup", migrate_from_chat_id: "moved here",
    new_chat_title: "renamed the group to", service: "service message", today: "Today",
  },
  ru: {
    title: "Местный Telegram", subtitle: "ничего не уходит с этого компьютера", phone: "Телефон", desk: "Операторы", theme: "Светло или темно",
    trouble: "Помехи на линии", live: "на связи", lost: "связь потеряна, пробуем снова", general: "Общая",
    message: "Сообщение", reply: "Ответить", replyTo: "Ответ на", edit: "Изменить", editing: "Правка", remove: "Удалить",
    react: "Реакция", cancel: "Отмена", send: "Отправить", attach: "Прикрепить", commands: "Команды",
    photo: "Фото", file: "Файл", voice: "Голосовое", video_note: "Кружок", video: "Видео", location: "Место",
    contact: "Контакт", myContact: "Мой контакт", album: "Альбом из трёх", sticker: "Стикер", upload: "С этого компьютера…", sample: "Фото для пробы",
    bot: "бот", typing: "печатает…", block: "Заблокировать бота", unblock: "Разблокировать бота", blocked: "Вы заблокировали бота",
    restart: "Разблокировать и начать", start: "Начать", started: "Что умеет этот бот?", gone: "Этого аккаунта больше нет",
    deleted: "сообщение удалено", edited: "изменено", forwarded: "Переслано от", as: "Вы",
    closeTopic: "Закрыть тему", reopenTopic: "Открыть тему снова", deleteTopic: "Удалить тему", openTopic: "Новая тема",
    closed: "закрыта", noTopics: "Тем пока нет. Их открывает обращение.", quiet: "Здесь пока ничего нет.", back: "Назад",
    topicName: "Название темы", document: "Документ", download: "Скачать", map: "Место на карте",
    dropped: "Ответы теряются (3)", refused: "Ошибки 502 (3)", limited: "Слишком часто (3)", slow: "Медленно (3)",
    clear: "Всё снова хорошо", noInline: "ничего не найдено", poll: "Опрос",
    forum_topic_created: "открыл(а) тему", forum_topic_edited: "переименовал(а) тему в", forum_topic_closed: "закрыл(а) тему",
    forum_topic_reopened: "открыл(а) тему снова", pinned_message: "закрепил(а) сообщение", new_chat_members: "теперь в группе",
    left_chat_member: "больше не в группе", migrate_to_chat_id: "перенёс(ла) группу в супергруппу", migrate_from_chat_id: "группа перенесена сюда",
    new_chat_title: "переименовал(а) группу в", service: "служебное сообщение", today: "Сегодня",
  },
};

const stored = localStorage.getItem("page-language");
export let language = stored || (navigator.language.startsWith("ru") ? "ru" : "en");

export const word = (key) => WORDS[language][key] ?? WORDS.en[key] ?? key;

export function switchLanguage() {
  language = language === "ru" ? "en" : "ru";
  localStorage.setItem("page-language", language);
  captions();
}

export function captions() {
  document.documentElement.lang = language;
  document.title = word("title");
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of document.querySelectorAll("[data-title]")) {
    node.title = word(node.dataset.title);
    node.setAttribute("aria-label", word(node.dataset.title));
  }
  document.getElementById("language").textContent = language === "ru" ? "EN" : "RU";
}
