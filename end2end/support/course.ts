// What the tests know of the demo school: demo/*/course.toml.

/** The demo school's own promise, the front page's heading. */
export const TAGLINE = 'Фотографируйте детей так, чтобы эти снимки хранили';

export const COURSES = [
  { slug: 'school-photography', title: 'Особенности фотографии в школах/садах', price: '19\u00a0900\u00a0₽', english: '₽19,900' },
  { slug: 'photo-layout-design', title: 'Дизайн и создание макетов', price: '49\u00a0900\u00a0₽', english: '₽49,900' },
  {
    slug: 'studio-management', title: 'Администрирование, ценообразование + инструменты управления', price: '98\u00a0000\u00a0₽',
    english: '₽98,000',
  },
] as const;

export const COURSE = COURSES[0];
export const LESSONS = ['Окно как софтбокс', 'Свет в классе: лампы, вспышка, потолок', 'Дети, которые не позируют'] as const;
export const WINDOW_TEST = 'Проверьте себя: свет от окна';

/** The questions of the test about window light, by number, with options by what they say. */
export const QUESTIONS = {
  distance: { number: 1, right: 'примерно на полторы ступени', wrong: 'на треть ступени' },
  triangle: { number: 2, right: 'довернуть лицо к окну на 10–15°', wrong: 'открыть диафрагму на ступень' },
  balance: { number: 3, right: 'автоматика реагирует на цвет одежды, и кожа в серии получается разной', wrong: 'автоматический баланс делает кадры темнее' },
  shadows: {
    number: 4,
    right: [
      'подвести ребёнка с двух метров от окна на один', 'переставить отражатель с 1 м на 0,6 м', 'затянуть окно с прямым солнцем белой тканью',
    ],
    wrong: 'поднять ISO с 800 до 1600',
  },
  lamps: { number: 5, right: ['выключить лампы', 'отойти от ламп туда, где окно намного сильнее'], wrong: 'поставить выдержку 1/100 с' },
  place: { number: 6 },
} as const;

export const QUESTIONS_IN_ALL = 6;

/** An open answer that a person could have written. */
export const OPEN_ANSWER =
  'Сначала закрываю левое окно белой тканью: прямое солнце ляжет пятном на лицо.\n\nРебёнок в метре от правого окна, корпус под 40°, белый ' +
  'отражатель с теневой стороны, он же закроет зелёную стену. Лампы гашу. f/2,8, 1/200, ISO 800, баланс 5400 K по серой карте.';

export const REMARK = 'Солнце и зелёная стена замечены, это главное. Добавьте проверочный кадр до первого ребёнка.';
